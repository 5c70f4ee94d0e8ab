"""A promotion in which every API call fails once: run again each time, it ends where an undisturbed one does."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, WaiterError

from glue_local.promote.applying import apply_plan
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.overlay import Staged, staged
from glue_local.promote.planning import Wanted, make_plan
from glue_local.promote.records import Records
from tests.promote.conftest import edit, reset

_call = BaseClient._make_api_call


# They change nothing: whether one failed before AWS saw it or after is the same.
READS = ("Get", "List", "Describe", "Head")


class Failing:
    """Makes each call fail the first time it is made: before AWS sees it, or after, when only the answer is lost."""

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


def promote(account: Account, wanted: Staged) -> None:
    """Promote once; the outermost of what fails comes out."""
    records = Records(account, wanted.bucket, wanted.prefix)
    asked = Wanted(wanted.project, wanted.stage.name, wanted.resources, wanted.used, wanted.tags)
    plan = make_plan(account, asked, records)
    assert plan.refused == []
    for _ in apply_plan(plan, account, records):
        pass


def state(account: Account, wanted: Staged) -> dict[str, Any]:
    """Return everything there is of a promotion: attributes, tags, and the pointer."""
    found = {}
    for resource in wanted.resources:
        kind = KINDS[resource.kind]
        there = kind.read(account, resource.request)
        tags = kind.tagging.read(account, resource.request) if kind.tagging else None
        found[resource.key] = (there and there.attributes, tags)
    pointer = Records(account, wanted.bucket, wanted.prefix).pointer()
    return {**found, "pointer": (pointer.number, pointer.latest, sorted(pointer.known))}


def until_it_succeeds(account: Account, wanted: Staged) -> int:
    """Promote again and again; return how often it failed."""
    for failures in range(400):
        try:
            promote(account, wanted)
        except (ClientError, WaiterError) as error:
            if "by the test" not in str(error):
                raise
        else:
            return failures
    raise AssertionError("it fails for ever")


@pytest.mark.parametrize("after", [False, True], ids=["not-done", "done-but-not-told"])
def test_every_call_fails_once(
    after: bool, folder: Path, there: Account, account_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def versions() -> list[Staged]:
        first = staged(folder / "glue-local.yaml", "prod")
        edit(folder, "Timeout: 60", "Timeout: 90")
        edit(folder, "Description: first", "Description: second")
        edit(folder, "shards: 2", "shards: 3")
        edit(folder, "Prefix: raw/", "Prefix: raw2/")
        edit(folder, "team: roads", "team: others")
        edit(folder, "--in", "--input", "m.asl.json")
        edit(folder, "job.commit()", "job.commit()  # again", "a.py")
        return [first, staged(folder / "glue-local.yaml", "prod")]

    wanted = versions()
    undisturbed = []
    for each in wanted:
        promote(there, each)
        undisturbed.append(state(there, each))
    reset(account_url)
    for each, expected in zip(wanted, undisturbed, strict=True):
        failing = Failing(after=after)
        with monkeypatch.context() as disturbed:
            disturbed.setattr(BaseClient, "_make_api_call", lambda *call, failing=failing: failing(*call))
            failures = until_it_succeeds(there, each)
        assert failures > (12 if after else 40)
        assert state(there, each) == expected
