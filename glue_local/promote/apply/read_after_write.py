"""What was just written, read back: IAM, S3's tags and others answer for some seconds as if it had not been."""

from collections.abc import Callable

from glue_local.promote.desired import Resource
from glue_local.promote.differences import differences
from glue_local.promote.kinds import KINDS, Account, Found
from glue_local.promote.planning import DELETE, Step

# https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html: changes are eventually consistent; S3 says it of
# bucket configurations. Usually it is a second or two.
_SECONDS, _PAUSE = 30.0, 1.0


def settled(
    resources: list[Resource],
    steps: list[Step],
    account: Account,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> dict[str, Found]:
    """Return each resource as it is, by key; what a step wrote is read again until it shows, for a bounded time.

    Raises TimeoutError for what was made and is still not there then. What differs still is returned as it is: AWS may
    word it otherwise than it was told, and the next plan says so.
    """
    end = clock() + _SECONDS
    written = {step.resource.key: step for step in steps if step.action != DELETE}
    found: dict[str, Found] = {}
    for resource in resources:
        step = written.get(resource.key)
        there = KINDS[resource.kind].read(account, resource.request)
        while step and not _shows(step, there, account) and clock() < end:
            sleep(_PAUSE)
            there = KINDS[resource.kind].read(account, resource.request)
        if there is not None:
            found[resource.key] = there
        elif step:
            raise TimeoutError(f"{resource.kind} {resource.name} was written and cannot be read {_SECONDS:.0f} s later")
    return found


def _shows(step: Step, there: Found | None, account: Account) -> bool:
    """Tell whether what is found is what a step wrote."""
    kind, resource = KINDS[step.resource.kind], step.resource
    if there is None or differences(kind, resource.request, there):
        return False
    found = kind.comparable(there.attributes)
    if any(_is_before(change.path, change.before, found) for change in step.changes if change.after is None):
        return False
    tagged = [change for change in step.changes if change.path[0] == "tags"]
    tags = kind.tagging.read(account, resource.request) if kind.tagging and tagged else {}
    return all(tags.get(change.path[1]) == change.after for change in tagged)


def _is_before(path: tuple[str, ...], before: object, found: object) -> bool:
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return before is not None and found == before
