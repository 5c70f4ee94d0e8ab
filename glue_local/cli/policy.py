"""``glue-local policy``: what a role has to be allowed, as a document for ``role_policies:``."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from glue_local.cli.refusal import Refusal
from glue_local.clients import REGION, endpoint
from glue_local.promote.desired import desired
from glue_local.promote.policy import calls_of, job_policy, machine_policy
from glue_local.promote.stages import LOCAL_ACCOUNT

app = typer.Typer(add_completion=False)


@app.command(name="policy")
def policy_command(
    name: Annotated[str, typer.Argument(help="A job or a state machine of glue-local.yaml.")],
    file: Annotated[Path, typer.Option("--file", "-f", help="The definitions.")] = Path("glue-local.yaml"),
    local: Annotated[str | None, typer.Option("--local", help="The local endpoint that knows the runs.")] = None,
) -> None:
    """Print the least IAM policy that a job's or state machine's role needs."""
    found = {
        each.name: each for each in desired(file, REGION, LOCAL_ACCOUNT) if each.kind in ("jobs", "state_machines")
    }
    if name not in found:
        raise Refusal(f"{file} has no job or state machine {name}; it has {', '.join(found) or 'none'}")
    if found[name].kind == "state_machines":
        print(json.dumps(machine_policy(found[name]), indent=2))
        return
    try:
        known = calls_of(name, endpoint(endpoint_url=local))
    except ConnectionError as error:
        raise Refusal(
            f"no glue-local tells what runs of {name} called ({error}): start it, or name it with --local"
        ) from None
    if not known["Runs"]:
        said = f"{name} has not run on this endpoint: the policy holds its definition only"
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"glue-local: {said}", style="yellow", markup=False)
    print(json.dumps(job_policy(found[name], known["Calls"]), indent=2))
