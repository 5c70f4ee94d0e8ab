"""Concurrent promotions of one stage: the second fails with the holder's name, and stale locks can be taken over."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from typer.testing import Result

from glue_local.promote.apply.apply import apply_plan
from glue_local.promote.apply.lock import Lock, StageLocked
from glue_local.promote.apply.records import Records
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import Account, Failed
from glue_local.promote.plan.plan import Plan, Wanted, make_plan
from tests.promote.conftest import edit

Cli = Callable[..., Result]
WHERE = {"Bucket": "acme-scripts", "Key": "promotions/roads/prod/lock.json"}


def planned(folder: Path, account: Account) -> tuple[Plan, Records]:
    wanted = staged(folder / "glue-local.yaml", "prod")
    records = Records(account, wanted.bucket, wanted.prefix)
    asked = Wanted(wanted.project, "prod", wanted.resources, wanted.used, wanted.tags)
    return make_plan(account, asked, records), records


def steps(plan: Plan, records: Records) -> Iterator[Any]:
    return Lock(records, "prod").around(apply_plan(plan, records.account, records), plan.pointer)


def lock(account: Account) -> dict[str, Any]:
    return dict(json.loads(account.clients("s3").get_object(**WHERE)["Body"].read()))


def test_the_second_of_two_promotions_reports_who_holds_the_lock(
    folder: Path, there: Account, cli: Cli, tested: Any
) -> None:
    tested()
    plan, records = planned(folder, there)
    first = steps(plan, records)
    next(first)
    held = lock(there)
    assert held["who"] == there.clients("sts").get_caller_identity()["Arn"]
    second = cli("promote", "prod", "--yes")
    assert second.exit_code == 1
    [line] = [each for each in second.output.splitlines() if "is being promoted by" in each]
    assert f"prod is being promoted by {held['who']} on {held['host']} since {held['since']}: wait" in line
    assert there.clients("glue").get_databases()["DatabaseList"] == [], "the second did something"
    for _ in first:
        pass
    assert "id" not in lock(there), "the lock was not released"
    assert cli("plan", "prod").exit_code == 0


def test_only_one_of_two_first_promotions_creates_the_bucket(folder: Path, there: Account) -> None:
    ours, theirs = planned(folder, there), planned(folder, there)
    first = steps(*ours)
    next(first)
    with pytest.raises(StageLocked, match="is being promoted by"):
        next(steps(*theirs))
    # It asked for the lock before the bucket existed.
    with pytest.raises(Failed, match="buckets acme-.* already exists, but did not when the plan was made: plan again"):
        next(apply_plan(theirs[0], there, theirs[1]))
    assert len(list(first)) == len(ours[0].steps) - 1


def test_a_concurrent_creation_of_the_bucket_is_retried(
    folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, records = planned(folder, there)
    refused: list[str] = []
    call = BaseClient._make_api_call

    def busy(client: Any, operation: str, parameters: Any) -> Any:
        if operation == "CreateBucket" and not refused:
            refused.append(operation)
            raise ClientError({"Error": {"Code": "OperationAborted", "Message": "a conflicting operation"}}, operation)
        return call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", busy)
    assert len(list(apply_plan(plan, there, records, sleep=lambda seconds: None))) == len(plan.steps)
    assert refused


def test_a_stale_lock_is_taken_over_by_its_id(folder: Path, there: Account, cli: Cli, tested: Any) -> None:
    tested()
    plan, records = planned(folder, there)
    killed = steps(plan, records)
    next(killed)
    left = lock(there)
    refused = cli("promote", "prod", "--yes", "--unlock", "another")
    reported = re.search(r"--unlock (\w+)", refused.output)
    assert reported
    assert reported[1] == left["id"]
    done = cli("promote", "prod", "--yes", "--unlock", reported[1])
    assert done.exit_code == 0, done.output
    assert "id" not in lock(there)
    killed.close()


def test_a_failed_promotion_releases_the_lock(folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, records = planned(folder, there)
    call = BaseClient._make_api_call

    def failing(client: Any, operation: str, parameters: Any) -> Any:
        if operation == "CreateJob":
            raise ClientError({"Error": {"Code": "InternalFailure", "Message": "by the test"}}, operation)
        return call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", failing)
    with pytest.raises(ClientError):
        list(steps(plan, records))
    assert "id" not in lock(there)


def test_a_plan_made_before_another_promotion_ended_is_not_applied(folder: Path, there: Account) -> None:
    list(steps(*planned(folder, there)))
    edit(folder, "Timeout: 60", "Timeout: 70")
    early, records = planned(folder, there)
    edit(folder, "Timeout: 70", "Timeout: 80")
    list(steps(*planned(folder, there)))
    with pytest.raises(
        StageLocked, match="prod has changed since the plan was made: promotion 1 then, 2 now: plan again"
    ):
        list(steps(early, records))
    assert there.clients("glue").get_job(JobName="j")["Job"]["Timeout"] == 80


@pytest.mark.parametrize("let_go", [False, True], ids=["first-lock", "later-lock"])
def test_a_lock_written_between_reading_and_writing_wins(
    let_go: bool, folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(steps(*planned(folder, there)))
    if not let_go:
        there.clients("s3").delete_object(**WHERE)
    edit(folder, "Timeout: 60", "Timeout: 70")
    plan, records = planned(folder, there)
    call = BaseClient._make_api_call
    raced = []

    def racing(client: Any, operation: str, parameters: Any) -> Any:
        if operation == "PutObject" and parameters["Key"].endswith("lock.json") and not raced:
            raced.append(operation)
            call(client, "PutObject", {**WHERE, "Body": b'{"id": "x", "who": "them", "host": "h", "since": "now"}'})
        return call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", racing)
    with pytest.raises(StageLocked, match="prod is being promoted by them on h since now"):
        next(steps(plan, records))
    assert lock(there)["id"] == "x", "another promotion's lock was released"


def test_a_retried_lock_request_recognises_its_own_lock(
    folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(steps(*planned(folder, there)))
    edit(folder, "Timeout: 60", "Timeout: 70")
    plan, records = planned(folder, there)
    call = BaseClient._make_api_call

    def twice(client: Any, operation: str, parameters: Any) -> Any:
        if operation == "PutObject" and parameters["Key"].endswith("lock.json") and b'"id"' in parameters["Body"]:
            call(client, operation, parameters)
        return call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", twice)
    list(steps(plan, records))
    assert there.clients("glue").get_job(JobName="j")["Job"]["Timeout"] == 70
