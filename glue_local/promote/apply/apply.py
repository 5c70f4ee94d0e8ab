"""Apply a plan in the order of dependencies, with idempotent steps."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from botocore.exceptions import ClientError

from glue_local.promote.apply.read_after_write import read_back
from glue_local.promote.apply.records import Pointer, Record, Records, digest_of, resource_documents
from glue_local.promote.kinds import KINDS, Account, Failed, Found
from glue_local.promote.plan.differences import without
from glue_local.promote.plan.foreign_policies import Extras, accepted, extras_of
from glue_local.promote.plan.plan import CREATE, DELETE, UPDATE, Plan, Step

# A new role or policy takes some seconds to reach other services; until then they reject requests that use it.
_SECONDS, _PAUSE = 60.0, 2.0
_NOT_YET = re.compile(r"\bassume\b|not authorized", re.IGNORECASE)
# A new resource may also be missing in its own service: a new role that gets a policy, a new bucket that gets an object.
_NOT_THERE_YET = ("NoSuchEntity", "NoSuchBucket", "EntityNotFoundException", "ResourceNotFoundException")
# Created since by someone else, or just before by an interrupted promotion.
_THERE = (
    *("EntityAlreadyExists", "AlreadyExistsException", "ResourceInUseException", "BucketAlreadyOwnedByYou"),
    *("StateMachineAlreadyExists", "ConflictException"),
)
_OURSELVES = re.compile(r"\bUser: arn:")  # the caller lacks the permission: retrying does not help

_DONE = {CREATE: "created", UPDATE: "updated", DELETE: "deleted"}


class ResourceMissing(Failed):
    """A resource that the plan changes does not exist; AWS may report this for some seconds after its creation."""


def apply_plan(
    plan: Plan,
    account: Account,
    records: Records,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[tuple[Step, str]]:
    """Apply each step and yield it with its outcome; then record the promotion and make it the current one.

    Raises ClientError, ResourceMissing and TimeoutError. Applied steps are kept: a new plan contains the rest.
    """
    roles = any(step.resource.kind in ("roles", "role_policies") for step in plan.steps)
    left: set[str] = set()
    made = False
    for step in plan.steps:
        held = _held(step, account)
        if held:
            # Its contents appeared after the plan was made.
            left.add(step.resource.key)
            yield step, f"kept because it contains {', '.join(held)}"
            continue
        made = made or step.action == CREATE
        _carry_out(step, account, roles, made, clock, sleep)
        yield step, _DONE[step.action]
    found = read_back(plan.resources, plan.steps, account, clock, sleep)
    _note(plan, account, records, left, found)


def _held(step: Step, account: Account) -> list[str]:
    contents = KINDS[step.resource.kind].contents
    return contents(account, step.resource.request) if step.action == DELETE and contents else []


def _carry_out(
    step: Step, account: Account, roles: bool, made: bool, clock: Callable[[], float], sleep: Callable[[float], None]
) -> None:
    """Apply a step, and retry while a service does not see its dependencies yet."""
    end = clock() + _SECONDS
    while True:
        try:
            _take(step, account)
        except (ClientError, ResourceMissing) as error:
            if step.action == CREATE and _is_there(error):
                named = f"{step.resource.kind} {step.resource.name}"
                raise Failed(f"{named} already exists, but did not when the plan was made: plan again") from None
            if clock() >= end or not _passes(error, roles, made):
                raise
        else:
            return
        sleep(_PAUSE)


def _is_there(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _THERE


def _passes(error: Exception, roles: bool, made: bool) -> bool:
    """Return whether an error is temporary, caused by a new role or another new resource."""
    if not isinstance(error, ClientError):
        return True
    # From S3, while another client creates the same bucket.
    if error.response["Error"]["Code"] == "OperationAborted":
        return True
    message = error.response["Error"].get("Message", "")
    if made and error.response["Error"]["Code"] in _NOT_THERE_YET:
        return True
    return roles and bool(_NOT_YET.search(message)) and not _OURSELVES.search(message)


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
        raise ResourceMissing(f"{resource.kind} {resource.name} no longer exists: plan again")
    if any(change.path[0] != "tags" for change in step.changes):
        kind.update(account, resource.request, _without_ours(step, there))
    if kind.tagging and any(change.path[0] == "tags" for change in step.changes):
        kind.tagging.put(account, resource.request, resource.tags)


def _without_ours(step: Step, there: Found) -> Found:
    """Return the current state without the entries to remove from shared maps: an update keeps their other entries."""
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
    known |= {f"{each['kind']}/{each['name']}": each for each in resource_documents(plan.resources)}
    latest = max(plan.pointer.latest, number)
    pointer = Pointer(number, latest, known)
    resources = resource_documents(plan.resources)
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
