"""``glue-local plan``, ``apply``, ``promote``, ``rollback`` and ``drift``: change or inspect a stage."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from glue_local.cli.shared.credentials import NoProfile, Profile, credentials
from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.promotion_output import progress, show_drift, show_plan, show_scripts
from glue_local.promote.account_access import Credentials, account_in, account_of
from glue_local.promote.apply.apply import apply_plan
from glue_local.promote.apply.lock import Lock
from glue_local.promote.apply.records import Records
from glue_local.promote.apply.rollback import previous_promotion
from glue_local.promote.checks import preflight
from glue_local.promote.checks.machines import validated
from glue_local.promote.checks.members import unsupported_members
from glue_local.promote.definition.document import Place
from glue_local.promote.definition.overlay import Staged, staged
from glue_local.promote.plan.drift import drift_of
from glue_local.promote.plan.existing_roles import check_roles
from glue_local.promote.plan.local_evidence import evidence
from glue_local.promote.plan.plan import Plan, Wanted, make_plan
from glue_local.promote.plan.plan_file import changes_since, document_of, read_plan, shown

NOTHING_TO_DO, CHANGES = 0, 2

StageName = Annotated[str, typer.Argument(help="Stage in glue-local.yaml.")]
File = Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")]
Prune = Annotated[
    bool, typer.Option("--prune", help="Delete resources that are no longer defined, except buckets and streams.")
]
Untested = Annotated[bool, typer.Option("--untested", help="Allow scripts that no local run has tested.")]
Local = Annotated[str | None, typer.Option("--local", help="URL of the local server that ran the tests.")]
Unlock = Annotated[
    str | None, typer.Option("--unlock", metavar="ID", help="Take over the lock left by a killed promotion.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
_DEFAULT = Path("glue-local.yaml")

app = typer.Typer(add_completion=False)


@app.command(name="plan")
def plan_command(
    stage: StageName,
    file: File = _DEFAULT,
    out: Annotated[Path | None, typer.Option("--out", help="Save the plan for `glue-local apply`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show script diffs.")] = False,
    prune: Prune = False,
    untested: Untested = False,
    local: Local = None,
    profile: Profile = None,
    no_profile: NoProfile = False,
) -> None:
    """Show what a promotion would change. Exits with 0 for no changes, 2 for changes, 1 for an error."""
    wanted = staged(file, stage)
    plan, records = _plan(wanted, credentials(profile, no_profile), prune, untested, local)
    document = document_of(plan, wanted.bucket, wanted.prefix)
    if out:
        out.write_text(json.dumps(document, default=str))
    if as_json:
        print(json.dumps(shown(document), default=str))
    else:
        _announce(plan, f"to {stage}: account {plan.account}, {plan.region}")
        if diff:
            show_scripts(_console(), plan, records.account)
    raise typer.Exit(1 if plan.refused else NOTHING_TO_DO if plan.empty else CHANGES)


@app.command(name="apply")
def apply_command(
    file: Annotated[Path, typer.Argument(help="Plan saved by `glue-local plan --out`.")],
    profile: Profile = None,
    no_profile: NoProfile = False,
    unlock: Unlock = None,
) -> None:
    """Apply a saved plan, unless the account has changed since. The plan stores account and region, not the profile."""
    plan, document = read_plan(file)
    account = account_in(plan.account, plan.region, Place(file, 1), credentials(profile, no_profile).profile)
    records = Records(account, **document["promotions"])
    marks = {"glue-local:project": plan.project, "glue-local:stage": plan.stage}
    prune = any(step.action == "delete" for step in plan.steps)
    now = make_plan(account, Wanted(plan.project, plan.stage, plan.resources, [], marks, prune), records)
    _refuse(plan)
    if now.empty:
        _console().print("no changes")
        return
    differing = changes_since(plan, now)
    if differing:
        raise CommandError(f"the account has changed since {file} was saved ({'; '.join(differing[:3])}): plan again")
    _apply(replace(now, tested=plan.tested), records, unlock)


@app.command(name="promote")
def promote_command(
    stage: StageName,
    file: File = _DEFAULT,
    prune: Prune = False,
    untested: Untested = False,
    local: Local = None,
    profile: Profile = None,
    no_profile: NoProfile = False,
    unlock: Unlock = None,
    yes: Yes = False,
) -> None:
    """Plan, ask for confirmation, and apply: deploy to a stage exactly what ran locally."""
    wanted = staged(file, stage)
    plan, records = _plan(wanted, credentials(profile, no_profile), prune, untested, local)
    _carry_out(plan, records, f"to {stage}: account {plan.account}, {plan.region}", unlock, yes)


@app.command(name="rollback")
def rollback_command(
    stage: StageName,
    file: File = _DEFAULT,
    prune: Prune = False,
    profile: Profile = None,
    no_profile: NoProfile = False,
    unlock: Unlock = None,
    yes: Yes = False,
) -> None:
    """Roll a stage back to its previous promotion: its definitions, and its scripts, which are still in S3."""
    wanted = staged(file, stage)
    records = _records(wanted, credentials(profile, no_profile))
    again, earlier = previous_promotion(records, wanted.project, stage, wanted.stage.place, wanted.tags, prune)
    plan = replace(make_plan(records.account, again, records), tested=earlier.tested)
    _carry_out(plan, records, f"in {stage}: back to promotion {earlier.number} of {earlier.when}", unlock, yes)


@app.command(name="drift")
def drift_command(
    stage: StageName,
    file: File = _DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    profile: Profile = None,
    no_profile: NoProfile = False,
) -> None:
    """Show what has changed since the last promotion. Exits with 0 for no drift, 2 for drift, 1 for an error."""
    wanted = staged(file, stage)
    records = _records(wanted, credentials(profile, no_profile))
    pointer = records.pointer()
    number, record = pointer.number, records.record(pointer.number)
    if record is None:
        gone = f"{records.where(number)}, the record of the current promotion, no longer exists: promote again"
        raise CommandError(gone if number else f"{wanted.project} was never promoted to {stage}")
    drift = drift_of(records.account, record, pointer, wanted.tags)
    if as_json:
        print(json.dumps(drift, default=str))
    else:
        show_drift(_console(), drift)
    raise typer.Exit(CHANGES if drift else NOTHING_TO_DO)


def _records(wanted: Staged, access: Credentials) -> Records:
    return Records(account_of(wanted.stage, access), wanted.bucket, wanted.prefix)


def _plan(wanted: Staged, access: Credentials, prune: bool, untested: bool, local: str | None) -> tuple[Plan, Records]:
    records = _records(wanted, access)
    account = records.account
    asked = Wanted(wanted.project, wanted.stage.name, wanted.resources, wanted.used, wanted.tags, prune)
    # Check locally first, to make no requests for a plan that AWS would refuse.
    refused = [*preflight(wanted), *unsupported_members(wanted)]
    plan = make_plan(account, asked, records)
    wrong, notes = validated(account, wanted)
    denied, unasked = check_roles(account, wanted)
    plan = replace(plan, refused=[*refused, *wrong, *denied, *plan.refused], notes=[*notes, *unasked, *plan.notes])
    return _with_evidence(plan, endpoint(endpoint_url=local), untested), records


def _with_evidence(plan: Plan, local: str, untested: bool) -> Plan:
    try:
        tested = evidence(plan, local)
        without = [job for job, run in tested.items() if run is None]
        missing = [f"no local run of job {job} has SUCCEEDED with this version of its script" for job in without]
    except ConnectionError as error:
        tested, missing = (
            {},
            [
                f"cannot read test runs from a glue-local server ({error}): start the server, or pass its URL with --local"
            ],
        )
    if untested:
        notes = [f"UNTESTED: {each}; promoted because of --untested" for each in missing]
        return replace(plan, tested=tested, notes=[*plan.notes, *notes])
    refused = [f"{each}: run it first (glue-local run), or pass --untested" for each in missing]
    return replace(plan, tested=tested, refused=[*plan.refused, *refused])


def _carry_out(plan: Plan, records: Records, what: str, unlock: str | None, yes: bool) -> None:
    """Show a plan, ask for confirmation unless it is refused, and apply it."""
    _announce(plan, what)
    _refuse(plan)
    _confirm(plan, yes)
    _apply(plan, records, unlock)


def _announce(plan: Plan, what: str) -> None:
    _console().print(f"[bold]{plan.project}[/] {what}")
    show_plan(_console(), plan)


def _refuse(plan: Plan) -> None:
    if plan.refused:
        raise CommandError("\n".join([f"{plan.stage} was not changed:", *(f"  {each}" for each in plan.refused)]))


def _confirm(plan: Plan, yes: bool) -> None:
    if plan.empty or yes:
        return
    if not sys.stdin.isatty():
        raise CommandError("cannot ask for confirmation without a terminal: pass --yes")
    if not typer.confirm(f"Change account {plan.account}?"):
        raise CommandError("nothing was changed")


def _apply(plan: Plan, records: Records, unlock: str | None) -> None:
    if plan.empty:
        return
    steps = apply_plan(plan, records.account, records)
    progress(_console(), plan, Lock(records, plan.stage, unlock).around(steps, plan.pointer))


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, emoji=False)
