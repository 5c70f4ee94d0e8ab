"""Read back what was written, waiting for services that are eventually consistent, such as IAM and S3 tags."""

from collections.abc import Callable

from glue_local.promote.definition.desired import Resource
from glue_local.promote.kinds import KINDS, Account, Found
from glue_local.promote.plan.differences import differences
from glue_local.promote.plan.plan import DELETE, Step

# Changes in IAM are eventually consistent (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html), and so are
# S3's bucket configurations; usually it takes a second or two.
_SECONDS, _PAUSE = 30.0, 1.0


def read_back(
    resources: list[Resource],
    steps: list[Step],
    account: Account,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> dict[str, Found]:
    """Return the state of each resource by key, rereading written ones for a limited time until the change is visible.

    Raises TimeoutError if a created resource is still not visible. A resource that still differs is returned as it
    is: AWS may have normalised the request, and the next plan shows that.
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
            raise TimeoutError(
                f"{resource.kind} {resource.name} is still not visible {_SECONDS:.0f} s after it was written"
            )
    return found


def _shows(step: Step, there: Found | None, account: Account) -> bool:
    """Return whether a step's change is visible."""
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
