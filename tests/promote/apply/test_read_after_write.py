"""Eventually consistent services: promotion records contain the written state, not that of a stale read."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from glue_local.promote.apply.apply import ResourceMissing, apply_plan
from glue_local.promote.apply.records import Record, Records
from glue_local.promote.kinds import Account, Failed
from glue_local.promote.plan.plan import Plan
from tests.promote.conftest import edit
from tests.promote.plan.test_differences import changes, drift, planned

_call = BaseClient._make_api_call  # type: ignore[attr-defined]
LAGGING = {
    "iam": ("GetRole", "ListRoleTags", "GetRolePolicy"),
    "s3": ("HeadBucket", "GetBucketTagging"),
    "glue": ("GetJob", "GetDatabase", "GetTable", "GetTags"),
}
WRITES = ("Create", "Put", "Update", "Tag")


class Lagging:
    """A service with stale reads for some seconds after a change, on a clock that advances only by sleeping."""

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
    """Promote while reads are stale and return the record; afterwards it must equal the account."""
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
def test_a_promotion_waits_until_a_created_resource_is_visible(service: str, folder: Path, there: Account) -> None:
    lag = Lagging(5.0, service)
    record = promote(folder, there, lag)
    assert {each["kind"] + "/" + each["name"] for each in record.resources} == set(record.attributes)
    assert lag.stale
    assert 1005.0 <= lag.now < 1030.0


@pytest.mark.parametrize("service", LAGGING)
def test_an_updated_resource_is_recorded_as_written(service: str, folder: Path, there: Account) -> None:
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


def test_a_removed_attribute_is_not_recorded(folder: Path, there: Account) -> None:
    edit(folder, "{RoleName: r, Assume", "{RoleName: r, Description: more, Assume")
    promote(folder, there, Lagging())
    edit(folder, "Description: more, ", "")
    assert "Description" not in promote(folder, there, Lagging(5.0, "iam")).attributes["roles/r"]


def test_attributes_that_aws_keeps_are_not_waited_for(folder: Path, there: Account) -> None:
    promote(folder, there, Lagging())
    edit(folder, "ShardCount: ${shards}", "StreamModeDetails: {StreamMode: ON_DEMAND}")
    lag = Lagging()
    promote(folder, there, lag)
    assert lag.now == 1000.0, "an on-demand stream's number of shards is not compared"


def test_waiting_times_out_with_the_resources_name(folder: Path, there: Account, patched: pytest.MonkeyPatch) -> None:
    lag = Lagging(1e9, "s3")
    patched.setattr(BaseClient, "_make_api_call", lambda *call: lag(*call))
    plan, records = planned(folder, there)
    with pytest.raises(TimeoutError, match=r"buckets acme-scripts is still not visible 30 s after it was written"):
        carry_out(plan, records, there, lag)
    assert lag.now == 1030.0
    assert records.pointer().number == 0, "an unreadable promotion is not recorded"


def test_a_request_normalised_by_aws_is_not_an_error(folder: Path, there: Account, patched: pytest.MonkeyPatch) -> None:
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
def test_a_step_is_retried_until_its_own_service_sees_a_new_resource(
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


def test_updating_a_resource_deleted_since_the_plan_fails(folder: Path, there: Account) -> None:
    promote(folder, there, Lagging())
    edit(folder, "Timeout: 60", "Timeout: 90")
    plan, records = planned(folder, there)
    there.clients("glue").delete_job(JobName="j")
    lag = Lagging()
    with pytest.raises(ResourceMissing, match="jobs j no longer exists: plan again"):
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
def test_creating_a_resource_the_plan_did_not_see_fails_with_one_line(
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
    with pytest.raises(
        Failed, match=rf"^{re.escape(key)} already exists, but did not when the plan was made: plan again$"
    ):
        carry_out(plan, records, there, lag)
    assert lag.now == 1000.0
