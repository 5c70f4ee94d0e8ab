"""``glue-local policy``: print the permissions that a role needs, as a document for ``role_policies:``."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.client.clients import REGION
from glue_local.promote.definition.desired import desired
from glue_local.promote.definition.stages import LOCAL_ACCOUNT
from glue_local.promote.policy import calls_of, job_policy, machine_policy
from glue_local.promote.target_policy import target_policy

_KINDS = ("jobs", "state_machines", "schedules", "rule_targets")

app = typer.Typer(add_completion=False)


@app.command(name="policy")
def policy_command(
    name: Annotated[str, typer.Argument(help="Job, state machine, schedule or rule in glue-local.yaml.")],
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    local: Annotated[str | None, typer.Option("--local", help="URL of the local server that ran the job.")] = None,
) -> None:
    """Print the least-privilege IAM policy for the role of a job, state machine, schedule or rule."""
    defined = [each for each in desired(file, REGION, LOCAL_ACCOUNT) if each.kind in _KINDS]
    # Of several resources with the same name, the one whose kind is listed first.
    found = {each.name: each for each in sorted(defined, key=lambda each: -_KINDS.index(each.kind))}
    if name not in found:
        raise CommandError(
            f"{file} does not define a job, state machine, schedule or rule with targets {name}: choose one of {', '.join(found) or '(none)'}"
        )
    if found[name].kind == "state_machines":
        print(json.dumps(machine_policy(found[name]), indent=2))
        return
    if found[name].kind in ("schedules", "rule_targets"):
        try:
            print(json.dumps(target_policy(found[name]), indent=2))
        except ValueError as error:
            raise CommandError(f"{name}: {error}") from None
        return
    try:
        recorded = calls_of(name, endpoint(endpoint_url=local))
    except ConnectionError as error:
        raise CommandError(
            f"cannot read the calls of {name} from a glue-local server ({error}): start the server, or pass its URL with --local"
        ) from None
    if not recorded["Runs"]:
        note = f"{name} has not run on this server: the policy covers its definition only"
        Console(stderr=True, soft_wrap=True, highlight=False, emoji=False).print(
            f"glue-local: {note}", style="yellow", markup=False
        )
    print(json.dumps(job_policy(found[name], recorded["Calls"]), indent=2))
