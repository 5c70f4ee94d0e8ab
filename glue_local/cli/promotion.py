"""``glue-local plan``, ``apply``, ``promote``, ``rollback`` and ``drift``: a stage in an AWS account."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from glue_local.cli.credentials import NoProfile, Profile, credentials
from glue_local.cli.refusal import Refusal
from glue_local.cli.steps import progress, show_drift, show_plan, show_scripts
from glue_local.clients import endpoint
from glue_local.promote.applying import apply_plan
from glue_local.promote.document import Place
from glue_local.promote.drifting import drift_of
from glue_local.promote.given_roles import lacking
from glue_local.promote.locking import Lock
from glue_local.promote.overlay import Staged, staged
from glue_local.promote.planning import Plan, Wanted, make_plan
from glue_local.promote.preflight import preflight
from glue_local.promote.preflight.machines import validated
from glue_local.promote.preflight.members import unpromoted
from glue_local.promote.reach import Credentials, account_in, account_of
from glue_local.promote.records import Records
from glue_local.promote.rolling_back import back
from glue_local.promote.saved import document_of, moved_on, read_plan, shown
from glue_local.promote.tested import evidence

NOTHING_TO_DO, CHANGES = 0, 2

StageName = Annotated[str, typer.Argument(help="A stage of glue-local.yaml.")]
File = Annotated[Path, typer.Option("--file", "-f", help="The definitions.")]
Prune = Annotated[bool, typer.Option("--prune", help="Delete what is not defined any more; never buckets or streams.")]
Untested = Annotated[bool, typer.Option("--untested", help="Promote scripts that no local run has tested.")]
Local = Annotated[str | None, typer.Option("--local", help="The local endpoint that knows the test runs.")]
Unlock = Annotated[
    str | None, typer.Option("--unlock", metavar="ID", help="Take over the lock of a promotion that was killed.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_DEFAULT = Path("glue-local.yaml")

app = typer.Typer()


@app.command(name="plan")
def plan_command(
    stage: StageName,
    file: File = _DEFAULT,
    out: Annotated[Path | None, typer.Option("--out", help="Save the plan, for `glue-local apply`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show how scripts differ.")] = False,
    prune: Prune = False,
    untested: Untested = False,
    local: Local = None,
    profile: Profile = None,
    no_profile: NoProfile = False,
) -> None:
    """Show what promoting to a stage would change. Exit code 0: nothing to do, 2: changes, 1: it cannot be done."""
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
    file: Annotated[Path, typer.Argument(help="A plan that `glue-local plan --out` saved.")],
    profile: Profile = None,
    no_profile: NoProfile = False,
    unlock: Unlock = None,
) -> None:
    """Carry out a saved plan; refuse when the account has moved on since. It knows no profile, only account and region."""
    plan, document = read_plan(file)
    account = account_in(plan.account, plan.region, Place(file, 1), credentials(profile, no_profile).profile)
    records = Records(account, **document["promotions"])
    marks = {"glue-local:project": plan.project, "glue-local:stage": plan.stage}
    prune = any(step.action == "delete" for step in plan.steps)
    now = make_plan(account, Wanted(plan.project, plan.stage, plan.resources, [], marks, prune), records)
    _refuse(plan)
    if now.empty:
        _console().print("nothing to do")
        return
    differing = moved_on(plan, now)
    if differing:
        raise Refusal(f"the account has moved on since {file} was made ({'; '.join(differing[:3])}): plan again")
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
    """Plan, ask, apply: bring a stage's account to what ran locally, byte for byte."""
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
    """Return a stage to its previous promotion: definitions, and pointers to the bytes that lie there still."""
    wanted = staged(file, stage)
    records = _records(wanted, credentials(profile, no_profile))
    again, earlier = back(records, wanted.project, stage, wanted.stage.place, wanted.tags, prune)
    plan = replace(make_plan(records.account, again, records), tested=earlier.tested)
    _carry_out(plan, records, f"in {stage}: back to promotion {earlier.number} of {earlier.when}", unlock, yes)


@app.command(name="drift")
def drift_command(
    stage: StageName,
    file: File = _DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    profile: Profile = None,
    no_profile: NoProfile = False,
) -> None:
    """Tell what was changed by hand since the last promotion. Exit code 0: nothing, 2: something, 1: it cannot be told."""
    wanted = staged(file, stage)
    records = _records(wanted, credentials(profile, no_profile))
    pointer = records.pointer()
    number, record = pointer.number, records.record(pointer.number)
    if record is None:
        gone = f"{records.where(number)}, the record of the current promotion, is gone: promote again"
        raise Refusal(gone if number else f"{wanted.project} was never promoted to {stage}")
    drift = drift_of(records.account, record, pointer, wanted.tags)
    if as_json:
        print(json.dumps(drift, default=str))
    else:
        show_drift(_console(), drift)
    raise typer.Exit(CHANGES if drift else NOTHING_TO_DO)


def _records(wanted: Staged, whose: Credentials) -> Records:
    return Records(account_of(wanted.stage, whose), wanted.bucket, wanted.prefix)


def _plan(wanted: Staged, whose: Credentials, prune: bool, untested: bool, local: str | None) -> tuple[Plan, Records]:
    records = _records(wanted, whose)
    account = records.account
    asked = Wanted(wanted.project, wanted.stage.name, wanted.resources, wanted.used, wanted.tags, prune)
    # Nothing is asked of the account that AWS would refuse anyway.
    refused = [*preflight(wanted), *unpromoted(wanted)]
    plan = make_plan(account, asked, records)
    wrong, notes = validated(account, wanted)
    denied, unasked = lacking(account, wanted)
    plan = replace(plan, refused=[*refused, *wrong, *denied, *plan.refused], notes=[*notes, *unasked, *plan.notes])
    return _with_evidence(plan, endpoint(endpoint_url=local), untested), records


def _with_evidence(plan: Plan, local: str, untested: bool) -> Plan:
    try:
        tested = evidence(plan, local)
        without = [job for job, run in tested.items() if run is None]
        missing = [f"the script of job {job} has no SUCCEEDED local run with these bytes" for job in without]
    except ConnectionError as error:
        tested, missing = (
            {},
            [f"no glue-local tells which runs tested the scripts ({error}); start one or name it with --local"],
        )
    if untested:
        notes = [f"UNTESTED: {each}; promoted because of --untested" for each in missing]
        return replace(plan, tested=tested, notes=[*plan.notes, *notes])
    refused = [f"{each}: run it first (glue-local run), or promote it with --untested" for each in missing]
    return replace(plan, tested=tested, refused=[*plan.refused, *refused])


def _carry_out(plan: Plan, records: Records, what: str, unlock: str | None, yes: bool) -> None:
    """Show a plan, refuse or ask, and apply it."""
    _announce(plan, what)
    _refuse(plan)
    _confirm(plan, yes)
    _apply(plan, records, unlock)


def _announce(plan: Plan, what: str) -> None:
    _console().print(f"[bold]{plan.project}[/] {what}")
    show_plan(_console(), plan)


def _refuse(plan: Plan) -> None:
    if plan.refused:
        raise Refusal("\n".join([f"{plan.stage} is not touched:", *(f"  {each}" for each in plan.refused)]))


def _confirm(plan: Plan, yes: bool) -> None:
    if plan.empty or yes:
        return
    if not sys.stdin.isatty():
        raise Refusal("nobody is there to be asked: say --yes")
    if not typer.confirm(f"Change account {plan.account}?"):
        raise Refusal("nothing was changed")


def _apply(plan: Plan, records: Records, unlock: str | None) -> None:
    if plan.empty:
        return
    steps = apply_plan(plan, records.account, records)
    progress(_console(), plan, Lock(records, plan.stage, unlock).around(steps, plan.pointer))


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False)
