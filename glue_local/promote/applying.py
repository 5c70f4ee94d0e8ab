"""A plan carried out: in the order of dependencies, each step such that doing it again does no harm."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.differences import without
from glue_local.promote.kinds import KINDS, Account, Found
from glue_local.promote.planning import CREATE, DELETE, UPDATE, Plan, Step
from glue_local.promote.records import Pointer, Record, Records, digest_of, noted
from glue_local.promote.role_extras import Extras, accepted, extras_of

# IAM tells the other services of a new role or policy within seconds; until then they refuse who names it.
_ROLE_SECONDS, _PAUSE = 60.0, 2.0
_NOT_YET = re.compile(r"\bassume\b|not authorized", re.IGNORECASE)
_OURSELVES = re.compile(r"\bUser: arn:")  # whoever promotes may not, and will not in a minute

_DONE = {CREATE: "created", UPDATE: "updated", DELETE: "deleted"}


def apply_plan(
    plan: Plan,
    account: Account,
    records: Records,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[Step, str]]:
    """Take each step and yield it with what was done; then note the promotion and move the pointer to it.

    Raises ClientError as AWS answers. Whatever was done then stays: a plan made again has the rest.
    """
    new_role = any(step.resource.kind in ("roles", "role_policies") for step in plan.steps)
    left: set[str] = set()
    for step in plan.steps:
        held = _held(step, account)
        if held:
            # It came there since the plan was made.
            left.add(step.resource.key)
            yield step, f"left, for it holds {', '.join(held)}"
            continue
        end = clock() + _ROLE_SECONDS if new_role else 0.0
        while not _taken(step, account, may_wait=clock() < end):
            sleep(_PAUSE)
        yield step, _DONE[step.action]
    _note(plan, account, records, left)


def _held(step: Step, account: Account) -> list[str]:
    contents = KINDS[step.resource.kind].contents
    return contents(account, step.resource.request) if step.action == DELETE and contents else []


def _taken(step: Step, account: Account, *, may_wait: bool) -> bool:
    """Take a step; return False where a service has not heard yet of a role that it needs."""
    try:
        _take(step, account)
    except ClientError as error:
        said = error.response["Error"].get("Message", "")
        if may_wait and _NOT_YET.search(said) and not _OURSELVES.search(said):
            return False
        raise
    return True


def _take(step: Step, account: Account) -> None:
    kind, resource = KINDS[step.resource.kind], step.resource
    if step.action == DELETE and kind.delete:
        kind.delete(account, resource.request)
    elif step.action == CREATE:
        tagged = kind.tagging.write(resource.request, resource.tags) if kind.tagging else resource.request
        kind.create(account, tagged)
    elif step.action == UPDATE:
        _update(step, account)


def _update(step: Step, account: Account) -> None:
    kind, resource = KINDS[step.resource.kind], step.resource
    there = kind.read(account, resource.request)
    if there is not None and any(change.path[0] != "tags" for change in step.changes):
        kind.update(account, resource.request, _without_ours(step, there))
    if kind.tagging and any(change.path[0] == "tags" for change in step.changes):
        kind.tagging.put(account, resource.request, resource.tags)


def _without_ours(step: Step, there: Found) -> Found:
    """Return what is there without what goes from maps that others add to: an update keeps the rest of those."""
    shared, attributes = KINDS[step.resource.kind].shared, there.attributes
    for change in step.changes:
        if change.after is None and any(name in shared for name in change.path):
            attributes = without(attributes, change.path)
    return Found(attributes, there.tags)


def _note(plan: Plan, account: Account, records: Records, left: set[str]) -> None:
    if plan.moves is None:
        number = plan.pointer.number
    else:
        number = plan.moves[1]
    gone = ({step.resource.key for step in plan.steps if step.action == DELETE} - left) | set(plan.gone)
    known = {key: value for key, value in plan.pointer.known.items() if key not in gone}
    known |= {f"{each['kind']}/{each['name']}": each for each in noted(plan.resources)}
    latest = max(plan.pointer.latest, number)
    pointer = Pointer(number, latest, known)
    resources = noted(plan.resources)
    if number > plan.pointer.latest:
        attributes = _attributes(plan, account)
        previous = plan.pointer.number or None
        extras = _extras(plan, account, records, pointer)
        made = digest_of(resources)
        records.write(Record(number, previous, _now(), made, resources, attributes, plan.tested, extras))
    if pointer != plan.pointer:
        records.point(pointer)


def _attributes(plan: Plan, account: Account) -> dict[str, Any]:
    found = {each.key: KINDS[each.kind].read(account, each.request) for each in plan.resources}
    return {key: KINDS[key.partition("/")[0]].comparable(there.attributes) for key, there in found.items() if there}


def _extras(plan: Plan, account: Account, records: Records, pointer: Pointer) -> dict[str, Extras]:
    before = records.record(plan.pointer.number)
    roles = [each for each in plan.resources if each.kind == "roles"]
    return {
        each.key: accepted(
            extras_of(account, each.name, pointer.known), before.extras.get(each.key) if before else None
        )
        for each in roles
    }


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
