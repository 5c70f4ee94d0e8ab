"""An account that answers for some seconds as it did before a change: what is noted is what was written."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from glue_local.promote.applying import Gone, apply_plan
from glue_local.promote.kinds import Account, Failed
from glue_local.promote.planning import Plan
from glue_local.promote.records import Record, Records
from tests.promote.conftest import edit
from tests.promote.test_differences import changes, drift, planned

_call = BaseClient._make_api_call  # type: ignore[attr-defined]
LAGGING = {
    "iam": ("GetRole", "ListRoleTags", "GetRolePolicy"),
    "s3": ("HeadBucket", "GetBucketTagging"),
    "glue": ("GetJob", "GetDatabase", "GetTable", "GetTags"),
}
WRITES = ("Create", "Put", "Update", "Tag")


class Lagging:
    """A service that gives the answer from before a change for some seconds after it, on a clock that only sleeping moves."""

    def __init__(self, seconds: float = 0.0, service: str = "") -> None:
        self.seconds, self.now = seconds, 1000.0
        self.reads = LAGGING.get(service, ())
        self.until = dict[str, float]()
        self.answers = dict[str, Any]()
        self.stale = set[str]()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        service = client.meta.service_model.service_name
        if operation.startswith(WRITES):
            self.until[service] = self.now + self.seconds
        if operation not in self.reads:
            return _call(client, operation, parameters)
        which = f"{operation} {json.dumps(parameters, sort_keys=True)}"
        if self.now < self.until.get(service, 0.0) and which in self.answers:
            self.stale.add(operation)
        else:
            self.answers[which] = self._answer(client, operation, parameters)
        answer = self.answers[which]
        if isinstance(answer, ClientError):
            raise answer
        return copy.deepcopy(answer)

    def _answer(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        try:
            return _call(client, operation, parameters)
        except ClientError as error:
            return error


@pytest.fixture
def patched() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patched:
        yield patched


def carry_out(plan: Plan, records: Records, account: Account, lag: Lagging) -> None:
    for _ in apply_plan(plan, account, records, lag.clock, lag.sleep):
        pass


def promote(folder: Path, account: Account, lag: Lagging) -> Record:
    """Promote while services lag, and return what was noted; with the lag over, nothing differs from it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", lambda *call: lag(*call))
        plan, records = planned(folder, account)
        assert plan.refused == []
        carry_out(plan, records, account, lag)
    record = records.record(records.pointer().number)
    assert record
    assert changes(planned(folder, account)[0]) == {}
    assert drift(folder, account) == []
    return record


@pytest.mark.parametrize("service", LAGGING)
def test_what_was_just_made_is_waited_for(service: str, folder: Path, there: Account) -> None:
    lag = Lagging(5.0, service)
    record = promote(folder, there, lag)
    assert {each["kind"] + "/" + each["name"] for each in record.resources} == set(record.attributes)
    assert lag.stale
    assert 1005.0 <= lag.now < 1030.0


@pytest.mark.parametrize("service", LAGGING)
def test_what_was_just_changed_is_noted_as_it_was_written(service: str, folder: Path, there: Account) -> None:
    promote(folder, there, Lagging())
    edit(folder, "Timeout: 60", "Timeout: 90")
    edit(folder, "Description: first", "Description: second")
    edit(folder, "s3:GetObject", "s3:PutObject")
    edit(folder, "{RoleName: r, Assume", "{RoleName: r, Description: more, Assume")
    edit(folder, "team: roads", "team: others")
    lag = Lagging(5.0, service)
    record = promote(folder, there, lag)
    assert record.attributes["jobs/j"]["Timeout"] == 90
    assert record.attributes["databases/d"]["DatabaseInput"]["Description"] == "second"
    assert record.attributes["roles/r"]["Description"] == "more"
    assert "s3:PutObject" in str(record.attributes["role_policies/r.p"])
    assert lag.stale & {"GetBucketTagging", "GetRole", "GetJob"}
    assert 1005.0 <= lag.now < 1030.0


def test_what_was_taken_away_is_not_noted(folder: Path, there: Account) -> None:
    edit(folder, "{RoleName: r, Assume", "{RoleName: r, Description: more, Assume")
    promote(folder, there, Lagging())
    edit(folder, "Description: more, ", "")
    assert "Description" not in promote(folder, there, Lagging(5.0, "iam")).attributes["roles/r"]


def test_what_aws_keeps_as_its_own_is_not_waited_for(folder: Path, there: Account) -> None:
    promote(folder, there, Lagging())
    edit(folder, "ShardCount: ${shards}", "StreamModeDetails: {StreamMode: ON_DEMAND}")
    lag = Lagging()
    promote(folder, there, lag)
    assert lag.now == 1000.0, "an on-demand stream has shards, and nobody's number of them"


def test_waiting_ends_and_says_for_what(folder: Path, there: Account, patched: pytest.MonkeyPatch) -> None:
    lag = Lagging(1e9, "s3")
    patched.setattr(BaseClient, "_make_api_call", lambda *call: lag(*call))
    plan, records = planned(folder, there)
    with pytest.raises(TimeoutError, match=r"buckets acme-scripts was written and cannot be read 30 s later"):
        carry_out(plan, records, there, lag)
    assert lag.now == 1030.0
    assert records.pointer().number == 0, "a promotion that cannot be read is none"


def test_what_aws_words_otherwise_is_no_failure(folder: Path, there: Account, patched: pytest.MonkeyPatch) -> None:
    def otherwise(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        answer = _call(client, operation, parameters)
        if operation == "GetDatabase":
            answer["Database"]["Description"] = "FIRST"
        return answer

    patched.setattr(BaseClient, "_make_api_call", otherwise)
    lag = Lagging()
    plan, records = planned(folder, there)
    carry_out(plan, records, there, lag)
    assert (lag.now, records.pointer().number) == (1030.0, 1)
    assert changes(planned(folder, there)[0]) == {"databases/d DatabaseInput.Description": ("FIRST", "first")}


@pytest.mark.parametrize(
    ("operation", "code"),
    [("PutRolePolicy", "NoSuchEntity"), ("PutObject", "NoSuchBucket"), ("CreateTable", "EntityNotFoundException")],
)
def test_a_service_that_has_not_heard_of_what_was_just_made(
    operation: str, code: str, folder: Path, there: Account, patched: pytest.MonkeyPatch
) -> None:
    lag = Lagging()

    def deaf(client: Any, called: str, parameters: dict[str, Any]) -> Any:
        if called == operation and lag.now < 1006.0:
            raise ClientError({"Error": {"Code": code, "Message": "not found"}}, operation)
        return _call(client, called, parameters)

    plan, records = planned(folder, there)
    patched.setattr(BaseClient, "_make_api_call", deaf)
    carry_out(plan, records, there, lag)
    assert (lag.now, records.pointer().number) == (1006.0, 1)


def test_what_is_gone_since_it_was_planned_is_not_said_to_be_updated(folder: Path, there: Account) -> None:
    promote(folder, there, Lagging())
    edit(folder, "Timeout: 60", "Timeout: 90")
    plan, records = planned(folder, there)
    there.clients("glue").delete_job(JobName="j")
    lag = Lagging()
    with pytest.raises(Gone, match="jobs j is gone since it was planned to be updated: plan again"):
        carry_out(plan, records, there, lag)
    assert lag.now == 1060.0


@pytest.mark.parametrize(
    ("reading", "absent", "key"),
    [
        ("GetRole", "NoSuchEntity", "roles r"),
        ("HeadBucket", "404", "buckets acme-scripts"),
        ("DescribeStreamSummary", "ResourceNotFoundException", "streams s"),
        ("GetDatabase", "EntityNotFoundException", "databases d"),
        ("GetTable", "EntityNotFoundException", "tables d.t"),
        ("DescribeDeliveryStream", "ResourceNotFoundException", "delivery_streams f"),
        ("GetSchedule", "ResourceNotFoundException", "schedules nightly"),
    ],
)
def test_what_a_plan_did_not_see_yet_is_told_in_one_line(
    reading: str, absent: str, key: str, folder: Path, there: Account
) -> None:
    promote(folder, there, Lagging())

    def late(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if operation == reading:
            raise ClientError({"Error": {"Code": absent, "Message": "not yet"}}, operation)
        return _call(client, operation, parameters)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", late)
        plan, records = planned(folder, there)
    step = plan.steps[0]
    assert f"{step.action} {step.resource.kind} {step.resource.name}" == f"create {key}"
    lag = Lagging()
    with pytest.raises(Failed, match=rf"^{re.escape(key)} is there, which the plan did not see \(yet\): plan again$"):
        carry_out(plan, records, there, lag)
    assert lag.now == 1000.0
