"""The command line: a table of commands; a command's module is imported only when that command runs."""

import sys
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from glue_local.cli.shared.error_messages import report_errors
from glue_local.prerequisites import Unmet, extras, python
from glue_local.settings import keep_off_proxies

SERVER, WORK, LOOK, AWS = "Server", "Develop and run jobs", "Look at jobs and data", "Promote to AWS"


class Command(NamedTuple):
    """A command as ``glue-local --help`` lists it: its module, its one-line help, its panel, and the extra it needs."""

    module: str
    help: str
    panel: str
    extra: str = ""


# A command's module is imported when the command runs: importing all of them would slow each one down.
COMMANDS = {
    "up": Command("up", "Start the server.", SERVER),
    "down": Command("server", "Stop the server.", SERVER),
    "status": Command("server", "Show whether the server is running, and its processes.", SERVER),
    "doctor": Command("doctor", "Check this machine's prerequisites; --fix installs missing ones.", SERVER),
    "version": Command("version", "Show the versions of glue-local and its main dependencies.", SERVER),
    "init": Command("project.init", "Make a working project in an empty folder.", WORK),
    "new": Command("project.new", "Write the script and the definition of a new job.", WORK),
    "provision": Command("provision", "Create or update the resources and seeds in glue-local.yaml.", WORK),
    "run": Command("run", "Run a job or a script and follow its output; --watch repeats it.", WORK),
    "execute": Command("execute", "Execute a state machine and follow its states.", WORK),
    "logs": Command("records.logs", "Show the output of a job run.", WORK),
    "costs": Command("records.costs", "Show what runs, crawls and executions would have cost on AWS.", WORK),
    "history": Command("records.history", "Open Spark's history server on a job's event logs in S3.", WORK),
    "feed": Command("feed", "Generate, replay or record the Flemish traffic feed.", WORK, "feed"),
    "demo": Command("demo", "Run the example pipeline from feed to report.", WORK, "demo"),
    "compare": Command("compare", "Compare the example's Glue and Athena workflows on the same events.", WORK, "demo"),
    "sql": Command("sql", "Run Athena queries from an argument, standard input or a prompt.", WORK),
    "jobs": Command("look.jobs", "List the jobs with their latest runs.", LOOK),
    "runs": Command("look.jobs", "List the latest runs of a job or of all jobs.", LOOK),
    "bookmark": Command("look.bookmark", "Show or reset a job's bookmark.", LOOK),
    "tables": Command("look.tables", "List the tables of a database or of all databases.", LOOK),
    "head": Command("look.tables", "Show the first rows of a table.", LOOK),
    "ls": Command("look.objects", "List buckets, or objects in S3.", LOOK),
    "put": Command("look.objects", "Store a file or a folder in S3.", LOOK),
    "plan": Command("promotion", "Show what a promotion would change in a stage.", AWS, "promote"),
    "apply": Command("promotion", "Apply a saved plan.", AWS, "promote"),
    "promote": Command("promotion", "Plan, confirm and apply in one step.", AWS, "promote"),
    "rollback": Command("promotion", "Roll a stage back to its previous promotion.", AWS, "promote"),
    "drift": Command("promotion", "Show what has changed in a stage since its last promotion.", AWS, "promote"),
    "verify": Command("verify", "Compare a promoted pipeline's result with the local one.", AWS, "verify"),
    "policy": Command("policy", "Print the least-privilege IAM policy for a role.", AWS),
    "export": Command("export", "Write a stage as a CloudFormation or Terraform template.", AWS, "promote"),
}


class _Commands(TyperGroup):
    """A group that lists its commands from ``COMMANDS`` and loads a command's module when that command runs."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        # The names that typer compares a mistyped command with.
        names: Any = dict.fromkeys(COMMANDS)
        self.commands = names

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name].help, rich_help_panel=COMMANDS[cmd_name].panel)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and load(str(name)), rest

    def invoke(self, ctx: Any) -> Any:
        with report_errors():
            return super().invoke(ctx)


def load(name: str) -> Any:
    """Import the module of the command ``name`` and return the command; raises Unmet if its extra is not installed."""
    entry = COMMANDS[name]
    if entry.extra:
        extras.check(entry.extra, f"glue-local {name}")
    app = import_module(f"glue_local.cli.{entry.module}").app
    # A module has one command, several, or a group such as feed.
    if named := [each for each in app.registered_commands if each.name == name]:
        app = typer.Typer(add_completion=False)
        app.registered_commands = named
    command = typer.main.get_command(app)
    command.name, command.help = name, command.help or entry.help
    for each in (command, *getattr(command, "commands", {}).values()):
        for parameter in each.params:
            if getattr(parameter, "is_flag", False):
                parameter.metavar = ""  # typer would show <bool>
    return command


app = typer.Typer(cls=_Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _glue_local() -> None:
    """Run AWS Glue jobs locally: real Spark, real bookmarks, real failures."""


def main() -> None:
    """Run the command given on the command line."""
    try:
        python.check()
    except Unmet as unmet:
        sys.exit(f"glue-local: {unmet}")
    keep_off_proxies()
    app(prog_name="glue-local")
