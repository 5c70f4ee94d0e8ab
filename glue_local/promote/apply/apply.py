"""A plan carried out: in the order of dependencies, each step such that doing it again does no harm."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from botocore.exceptions import ClientError

from glue_local.promote.differences import without
from glue_local.promote.kinds import KINDS, Account, Failed, Found
from glue_local.promote.planning import CREATE, DELETE, UPDATE, Plan, Step
from glue_local.promote.records import Pointer, Record, Records, digest_of, noted
from glue_local.promote.role_extras import Extras, accepted, extras_of
from glue_local.promote.settling import settled

# IAM tells the other services of a new role or policy within seconds; until then they refuse who names it.
_SECONDS, _PAUSE = 60.0, 2.0
_NOT_YET = re.compile(r"\bassume\b|not authorized", re.IGNORECASE)
# So does a service itself of what was just made: a role that is to get a policy, a bucket that is to get an object.
_NOT_THERE_YET = ("NoSuchEntity", "NoSuchBucket", "EntityNotFoundException", "ResourceNotFoundException")
# What was made by somebody else since, or a moment ago by a promotion that was broken off.
_THERE = (
    *("EntityAlreadyExists", "AlreadyExistsException", "ResourceInUseException", "BucketAlreadyOwnedByYou"),
    *("StateMachineAlreadyExists", "ConflictException"),
)
_OURSELVES = re.compile(r"\bUser: arn:")  # whoever promotes may not, and will not in a minute

_DONE = {CREATE: "created", UPDATE: "updated", DELETE: "deleted"}


class Gone(Failed):
    """What a plan changes, and is not there; for some seconds AWS may only say so."""


def apply_plan(
    plan: Plan,
    account: Account,
    records: Records,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[Step, str]]:
    """Take each step and yield it with what was done; then note the promotion and move the pointer to it.

    Raises ClientError as AWS answers, Gone and TimeoutError. Whatever was done then stays: a plan made again has the rest.
    """
    roles = any(step.resource.kind in ("roles", "role_policies") for step in plan.steps)
    left: set[str] = set()
    made = False
    for step in plan.steps:
        held = _held(step, account)
        if held:
            # It came there since the plan was made.
            left.add(step.resource.key)
            yield step, f"left, for it holds {', '.join(held)}"
            continue
        made = made or step.action == CREATE
        _carry_out(step, account, roles, made, clock, sleep)
        yield step, _DONE[step.action]
    found = settled(plan.resources, plan.steps, account, clock, sleep)
    _note(plan, account, records, left, found)


def _held(step: Step, account: Account) -> list[str]:
    contents = KINDS[step.resource.kind].contents
    return contents(account, step.resource.request) if step.action == DELETE and contents else []


def _carry_out(
    step: Step, account: Account, roles: bool, made: bool, clock: Callable[[], float], sleep: Callable[[float], None]
) -> None:
    """Take a step, again while a service has not heard yet of what the step needs."""
    end = clock() + _SECONDS
    while True:
        try:
            _take(step, account)
        except (ClientError, Gone) as error:
            if step.action == CREATE and _is_there(error):
                named = f"{step.resource.kind} {step.resource.name}"
                raise Failed(f"{named} is there, which the plan did not see (yet): plan again") from None
            if clock() >= end or not _passes(error, roles, made):
                raise
        else:
            return
        sleep(_PAUSE)


def _is_there(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THERE


def _passes(error: Exception, roles: bool, made: bool) -> bool:
    """Tell whether a refusal will pass: of new roles, or of anything new, if there is such."""
    if not isinstance(error, ClientError):
        return True
    # S3's, while somebody else makes the same bucket.
    if error.response["Error"]["Code"] == "OperationAborted":
        return True
    said = error.response["Error"].get("Message", "")
    if made and error.response["Error"]["Code"] in _NOT_THERE_YET:
        return True
    return roles and bool(_NOT_YET.search(said)) and not _OURSELVES.search(said)


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
    if there is None:
        raise Gone(f"{resource.kind} {resource.name} is gone since it was planned to be updated: plan again")
    if any(change.path[0] != "tags" for change in step.changes):
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


def _note(plan: Plan, account: Account, records: Records, left: set[str], found: dict[str, Found]) -> None:
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
        attributes = {key: KINDS[key.partition("/")[0]].comparable(there.attributes) for key, there in found.items()}
        previous = plan.pointer.number or None
        extras = _extras(plan, account, records, pointer)
        made = digest_of(resources)
        records.write(Record(number, previous, _now(), made, resources, attributes, plan.tested, extras))
    if pointer != plan.pointer:
        records.point(pointer)


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
