"""Print plans, their progress, drift and differing rows, coloured by action."""

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from glue_local.promote.definition.desired import Resource, singular
from glue_local.promote.kinds import Account
from glue_local.promote.plan.differences import Change
from glue_local.promote.plan.plan import CREATE, DELETE, UPDATE, Plan, Step
from glue_local.verify.rows import Difference, Row

_SIGNS = {CREATE: ("+", "green"), UPDATE: ("~", "yellow"), DELETE: ("-", "red")}
_LONGEST = 100
_SHA256 = re.compile(r"(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{52}(?![0-9a-f])")
_ROWS = 10  # shown for each table and kind of difference
_COLUMNS = 4  # a table's first columns identify its rows


def show_plan(console: Console, plan: Plan) -> None:
    """Print each step with its changes, the local run that tested each script, and a summary."""
    for step in plan.steps:
        sign, style = _SIGNS[step.action]
        console.print(Text(f"  {sign} {_named(step.resource)}", style=style))
        if step.action == UPDATE:
            for change in step.changes:
                console.print(Text(f"      {change.where}: {_value(change.before)} → {_value(change.after)}"))
    for job, run in plan.tested.items():
        evidence = f"tested by {run['JobName']} {run['RunId']}" if run else "not tested by any local run"
        console.print(Text(f"    script of {job}: {evidence}", style="dim" if run else "bold red"))
    for note in plan.notes:
        console.print(Text(f"  ! {note}", style="bold red" if note.startswith("UNTESTED") else "yellow"))
    for refused in plan.refused:
        console.print(Text(f"  ✗ {refused}", style="red"))
    console.print(Text(_summary(plan), style="bold"))


def show_scripts(console: Console, plan: Plan, account: Account) -> None:
    """Print a diff of each job's new script against the script the job uses now."""
    bodies = {each.name: each.request["Body"] for each in plan.resources if "Body" in each.request}
    for step in plan.steps:
        for change in step.changes if step.resource.kind == "jobs" else []:
            for before, after in _moved(change, bodies):
                _show_diff(console, before, after, _fetched(account, before), bodies[after])


def _moved(change: Change, bodies: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    after = str(change.after or "").split(",") if isinstance(change.after, str) else []
    before = str(change.before or "").split(",")
    for location in after:
        name = location.rpartition("/")[2]
        old = next((each for each in before if each.rpartition("/")[2] == name), None)
        if location in bodies and old and old != location:
            yield old, location


def _fetched(account: Account, location: str) -> bytes:
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bytes(account.clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


def _show_diff(console: Console, before: str, after: str, old: bytes, new: bytes) -> None:
    if after.endswith((".whl", ".zip", ".egg")):
        console.print(Text(f"{after}: {len(old)} → {len(new)} bytes"))
        return
    lines = [each.decode(errors="replace").splitlines() for each in (old, new)]
    for line in difflib.unified_diff(lines[0], lines[1], before, after, lineterm=""):
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        console.print(Text(line, style=style))


def progress(console: Console, plan: Plan, done: Iterator[tuple[Step, str]]) -> None:
    """Print each step as it completes, then the resulting promotion number."""
    for number, (step, outcome) in enumerate(done, 1):
        style = _SIGNS[step.action][1]
        console.print(Text(f"  [{number}/{len(plan.steps)}] {_named(step.resource)} {outcome}", style=style))
    number = plan.moves[1] if plan.moves else plan.pointer.number
    console.print(Text(f"{plan.project} in {plan.stage} is at promotion {number}", style="bold"))


def show_drift(console: Console, drift: list[dict[str, Any]]) -> None:
    """Print what has changed since the last promotion."""
    for each in drift:
        console.print(Text(f"  ~ {singular(each['kind'])} {each['name']}: {each['what']}", style="yellow"))
        for change in each["changes"]:
            console.print(Text(f"      {'.'.join(change['path'])}: {_value(change['was'])} → {_value(change['is'])}"))
    console.print(Text(f"{len(drift)} changed since the last promotion" if drift else "no drift", style="bold"))


def show_differences(console: Console, differing: dict[str, Difference]) -> None:
    """Print the differing rows of each table: changed rows column by column, then missing and extra rows."""
    for table, difference in differing.items():
        console.print(Text(f"{table}: {difference.rows} rows differ", style="bold"))
        for before, after in difference.changed[:_ROWS]:
            console.print(Text(f"  ~ {_identified(before)}", style="yellow"))
            for column in (each for each in {**before, **after} if before.get(each) != after.get(each)):
                console.print(Text(f"      {column}: {_value(before.get(column))} → {_value(after.get(column))}"))
        for sign, style, rows in (("-", "red", difference.missing), ("+", "green", difference.extra)):
            for row in rows[:_ROWS]:
                console.print(Text(f"  {sign} {_identified(row)}", style=style))
        hidden = sum(max(0, len(rows) - _ROWS) for rows in (difference.changed, difference.missing, difference.extra))
        if hidden:
            console.print(Text(f"    and {hidden} more", style="dim"))
    console.print(Text("~ differs (local → remote)  - only local  + only remote", style="dim"))


def _identified(row: Row) -> str:
    return ", ".join(f"{column}={value}" for column, value in list(row.items())[:_COLUMNS])


def _named(resource: Resource) -> str:
    return _short(f"{resource.singular} {resource.name}")


def _summary(plan: Plan) -> str:
    if plan.empty:
        return "no changes"
    counts = {action: sum(step.action == action for step in plan.steps) for action in _SIGNS}
    actions = [f"{count} to {action}" for action, count in counts.items() if count]
    promotion = f"promotion {plan.moves[0]} → {plan.moves[1]}" if plan.moves else "promotion number unchanged"
    return ", ".join([*actions, promotion])


def _value(value: Any) -> str:
    if value is None:
        return "(not set)"
    text = _short(value if isinstance(value, str) else json.dumps(value, default=str))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _short(text: str) -> str:
    """Shorten the SHA-256 in the locations of promoted scripts."""
    return _SHA256.sub(r"\1…", text)
