"""Plans, their progress, drift and differing rows as a person reads them, coloured by what is done."""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from glue_local.promote.desired import Resource
from glue_local.promote.differences import Change
from glue_local.promote.kinds import Account
from glue_local.promote.planning import CREATE, DELETE, UPDATE, Plan, Step
from glue_local.verify.rows import Difference, Row

_SIGNS = {CREATE: ("+", "green"), UPDATE: ("~", "yellow"), DELETE: ("-", "red")}
_LONGEST = 100
_ROWS = 10  # of a table and a sort
_COLUMNS = 4  # tables begin with what tells their rows apart


def show_plan(console: Console, plan: Plan) -> None:
    """Print each step with its attributes, what tested the scripts, and the sum."""
    for step in plan.steps:
        sign, style = _SIGNS[step.action]
        console.print(Text(f"  {sign} {_named(step.resource)}", style=style))
        if step.action == UPDATE:
            for change in step.changes:
                console.print(Text(f"      {change.where}: {_value(change.before)} → {_value(change.after)}"))
    for job, run in plan.tested.items():
        told = f"tested by {run['JobName']} {run['RunId']}" if run else "not tested by any local run"
        console.print(Text(f"    script of {job}: {told}", style="dim" if run else "bold red"))
    for note in plan.notes:
        console.print(Text(f"  ! {note}", style="bold red" if note.startswith("UNTESTED") else "yellow"))
    for refused in plan.refused:
        console.print(Text(f"  ✗ {refused}", style="red"))
    console.print(Text(_sum(plan), style="bold"))


def show_scripts(console: Console, plan: Plan, account: Account) -> None:
    """Print how each script that a job is pointed at differs from the one it was pointed at."""
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
    """Print each step as it is done; the promotion at the end."""
    for number, (step, outcome) in enumerate(done, 1):
        style = _SIGNS[step.action][1]
        console.print(Text(f"  [{number}/{len(plan.steps)}] {_named(step.resource)} {outcome}", style=style))
    number = plan.moves[1] if plan.moves else plan.pointer.number
    console.print(Text(f"{plan.project} in {plan.stage} is at promotion {number}", style="bold"))


def show_drift(console: Console, drift: list[dict[str, Any]]) -> None:
    """Print what is not as the last promotion left it."""
    for each in drift:
        console.print(Text(f"  ~ {each['kind']} {each['name']}: {each['what']}", style="yellow"))
        for change in each["changes"]:
            console.print(Text(f"      {'.'.join(change['path'])}: {_value(change['was'])} → {_value(change['is'])}"))
    console.print(Text(f"{len(drift)} changed by hand" if drift else "as the last promotion left it", style="bold"))


def show_differences(console: Console, differing: dict[str, Difference]) -> None:
    """Print the rows of each table that differ: changed ones column by column, then the missing and the extra."""
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
    console.print(Text("~ differs (local → there)  - only local  + only there", style="dim"))


def _identified(row: Row) -> str:
    return ", ".join(f"{column}={value}" for column, value in list(row.items())[:_COLUMNS])


def _named(resource: Resource) -> str:
    return f"{resource.singular} {resource.name}"


def _sum(plan: Plan) -> str:
    if plan.empty:
        return "nothing to do"
    counts = {action: sum(step.action == action for step in plan.steps) for action in _SIGNS}
    said = [f"{count} to {action}" for action, count in counts.items() if count]
    moved = f"promotion {plan.moves[0]} → {plan.moves[1]}" if plan.moves else "the promotion stays"
    return ", ".join([*said, moved])


def _value(value: Any) -> str:
    if value is None:
        return "(not set)"
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
