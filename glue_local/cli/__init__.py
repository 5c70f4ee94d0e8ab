"""The command line: a table of commands, each in a module that is imported only when it is asked for."""

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from glue_local.cli.refusal import in_one_line
from glue_local.prerequisites import Unmet, python
from glue_local.settings import keep_off_proxies

# Name, module, help. Importing all of them would make each command wait for what only others need.
COMMANDS = {
    "up": ("up", "Start the server."),
    "down": ("server", "Stop the server."),
    "status": ("server", "Tell whether a server runs, and where."),
    "doctor": ("doctor", "Check what this machine has to have; --fix installs it."),
    "provision": ("provision", "Create what glue-local.yaml describes, through the AWS APIs."),
    "plan": ("promotion", "Show what promoting to a stage would change; nothing is changed."),
    "apply": ("promotion", "Carry out a saved plan, if the account is still as it was."),
    "promote": ("promotion", "Plan, ask, apply: bring an account to what ran locally."),
    "rollback": ("promotion", "Return a stage to its previous promotion."),
    "verify": ("verify", "Run a small set through a promoted pipeline; compare with the local rows."),
    "export": ("export", "Write a CloudFormation or Terraform template of a stage, with its scripts."),
    "policy": ("policy", "Print the least IAM policy that a job's or state machine's role needs."),
    "drift": ("promotion", "Tell what was changed by hand since the last promotion."),
    "run": ("run", "Run a Glue job and follow it to its end."),
    "execute": ("execute", "Execute a state machine and follow it to its end."),
    "logs": ("logs", "Show what a job run prints."),
    "feed": ("feed", "The Flemish traffic feed: generate, replay or record it."),
    "demo": ("demo", "Traffic from feed to report, in a few minutes."),
    "version": ("version", "Tell the versions of glue-local and what it stands on."),
}


class _Commands(TyperGroup):
    """A group whose commands are known by name and help, and loaded when one is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and load(str(name)), rest

    def invoke(self, ctx: Any) -> Any:
        with in_one_line():
            return super().invoke(ctx)


def load(name: str) -> Any:
    """Return the command ``name``, importing its module."""
    module, help_text = COMMANDS[name]
    loaded = import_module(f"glue_local.cli.{module}").app
    group = typer.Typer(add_completion=False)
    if module == name:
        group = loaded
    else:
        group.registered_commands = [each for each in loaded.registered_commands if each.name == name]
    command = typer.main.get_command(group)
    command.name, command.help = name, command.help or help_text
    return command


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _glue_local() -> None:
    """A local AWS Glue you can trust: jobs that really run, bookmarks that remember, failures that fail."""


def main() -> None:
    """Run the command that the arguments name."""
    try:
        python.check()
    except Unmet as unmet:
        sys.exit(f"glue-local: {unmet}")
    keep_off_proxies()
    app(prog_name="glue-local")
