"""Every API call fails once during promotions, a rollback and deletions: repeating them has the same result."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, WaiterError

from glue_local.promote.apply.apply import apply_plan
from glue_local.promote.apply.records import Records
from glue_local.promote.apply.rollback import previous_promotion
from glue_local.promote.definition.overlay import Staged, staged
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.plan.plan import Wanted, make_plan
from tests.promote.conftest import edit, reset

_call = BaseClient._make_api_call


# Read-only calls: it does not matter whether they fail before or after AWS processes them.
READS = ("Get", "List", "Describe", "Head")


class Failing:
    """Makes each call fail the first time: before AWS processes it, or after it when only the response is lost."""

    def __init__(self, *, after: bool) -> None:
        self.after, self.failed = after, set[str]()

    def __call__(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        which = f"{operation} {json.dumps(parameters, sort_keys=True, default=str)}"
        first = which not in self.failed and not (self.after and operation.startswith(READS))
        self.failed.add(which)
        if first and self.after:
            _call(client, operation, parameters)
        if first:
            raise ClientError({"Error": {"Code": "InternalFailure", "Message": "by the test"}}, operation)
        return _call(client, operation, parameters)


def promote(account: Account, wanted: Staged, *, prune: bool = False) -> None:
    """Promote once and raise the first error."""
    carry_out(account, wanted, lambda records: asked(wanted, prune))


def roll_back(account: Account, wanted: Staged) -> None:
    """Roll back once to the previous promotion."""
    carry_out(
        account,
        wanted,
        lambda records: previous_promotion(records, "roads", "prod", wanted.stage.place, wanted.tags, False)[0],
    )


def asked(wanted: Staged, prune: bool) -> Wanted:
    return Wanted(wanted.project, wanted.stage.name, wanted.resources, wanted.used, wanted.tags, prune)


def carry_out(account: Account, wanted: Staged, asking: Callable[[Records], Wanted]) -> None:
    records = Records(account, wanted.bucket, wanted.prefix)
    plan = make_plan(account, asking(records), records)
    assert plan.refused == []
    for _ in apply_plan(plan, account, records):
        pass


def state(account: Account, wanted: Staged) -> dict[str, Any]:
    """Return the complete state of a promotion: attributes, tags and pointer."""
    found = {}
    for resource in wanted.resources:
        kind = KINDS[resource.kind]
        there = kind.read(account, resource.request)
        tags = kind.tagging.read(account, resource.request) if there and kind.tagging else None
        found[resource.key] = (there and there.attributes, tags)
    pointer = Records(account, wanted.bucket, wanted.prefix).pointer()
    return {**found, "pointer": (pointer.number, pointer.latest, sorted(pointer.known))}


def until_it_succeeds(once: Callable[[], None]) -> int:
    """Repeat until it succeeds; return the number of failures."""
    for failures in range(400):
        try:
            once()
        except (ClientError, WaiterError) as error:
            if "by the test" not in str(error):
                raise
        else:
            return failures
    raise AssertionError("it never succeeds")


def versions(folder: Path) -> tuple[Staged, Staged, Staged]:
    """Return the project, a variant with everything changed, and one with only buckets."""
    first = staged(folder / "glue-local.yaml", "prod")
    edit(folder, "Timeout: 60", "Timeout: 90")
    edit(folder, "Description: first", "Description: second")
    edit(folder, "shards: 2", "shards: 3")
    edit(folder, "Prefix: raw/", "Prefix: raw2/")
    edit(folder, "team: roads", "team: others")
    edit(folder, '5 * * ? *)", WorkflowName: w, StartOnCreation: true', '6 * * ? *)", WorkflowName: w')
    edit(folder, "MaxConcurrentRuns: 1", "MaxConcurrentRuns: 2")
    edit(folder, "--in", "--input", "m.asl.json")
    edit(folder, "job.commit()", "job.commit()  # again", "a.py")
    second = staged(folder / "glue-local.yaml", "prod")
    text = (folder / "glue-local.yaml").read_text()
    text = text[: text.index("scripts:\n")] + text[text.index("stages:\n") :]
    for line in ("    schedules: off\n", "    jobs: {j: {WorkerType: G.2X, DefaultArguments: {--level: info}}}\n"):
        assert line in text
        text = text.replace(line, "")
    (folder / "glue-local.yaml").write_text(text)
    return first, second, staged(folder / "glue-local.yaml", "prod")


@pytest.mark.parametrize("after", [False, True], ids=["request-lost", "response-lost"])
def test_repeating_after_each_failed_call_has_the_same_result(
    after: bool, folder: Path, there: Account, account_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, bare = versions(folder)
    turns: list[Callable[[], None]] = [
        lambda: promote(there, first),
        lambda: promote(there, second),
        lambda: roll_back(there, second),
        lambda: promote(there, bare, prune=True),
    ]
    undisturbed = []
    for once in turns:
        once()
        undisturbed.append(state(there, second))
    reset(account_url)
    for once, expected in zip(turns, undisturbed, strict=True):
        failing = Failing(after=after)
        with monkeypatch.context() as disturbed:
            disturbed.setattr(BaseClient, "_make_api_call", lambda *call, failing=failing: failing(*call))
            failures = until_it_succeeds(once)
        assert failures > (10 if after else 35)
        assert state(there, second) == expected
    kept = {key for key, found in undisturbed[-1].items() if key != "pointer" and found[0] is not None}
    assert {key.partition("/")[0] for key in kept} == {"buckets", "scripts", "streams"}, "everything else was deleted"
