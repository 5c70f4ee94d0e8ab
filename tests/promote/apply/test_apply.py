"""Applying a plan right after creating a role: services reject the role for some seconds, and promotions wait."""

from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from glue_local.promote.apply.apply import apply_plan
from glue_local.promote.apply.records import Records
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import Account
from glue_local.promote.plan.plan import Plan, Wanted, make_plan
from tests.promote.conftest import edit

# The error messages of each service.
REFUSALS = {
    "CreateJob": ("InvalidInputException", "Service is unable to assume provided role. Please verify role's TrustPolicy"),
    "CreateDeliveryStream": ("InvalidArgumentException", "Role arn:aws:iam::1:role/r is not authorized to perform: glue:GetTableVersions on resource: *"),
    "CreateStateMachine": ("AccessDeniedException", "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role."),
    "CreateSchedule": ("ValidationException", "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."),
}  # fmt: skip
_call = BaseClient._make_api_call  # type: ignore[attr-defined]


class Iam:
    """Services that see a role only some seconds after its creation, on a clock that advances only by sleeping."""

    def __init__(self, heard_after: float, refusals: dict[str, tuple[str, str]] = REFUSALS) -> None:
        self.now, self.heard, self.after = 1000.0, 0.0, heard_after
        self.refusals, self.refused = refusals, list[str]()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if operation in ("CreateRole", "PutRolePolicy"):
            self.heard = self.now + self.after
        if operation in self.refusals and self.now < self.heard:
            self.refused.append(operation)
            code, message = self.refusals[operation]
            raise ClientError({"Error": {"Code": code, "Message": message}}, operation)
        return _call(client, operation, parameters)


def planned(folder: Path, account: Account) -> tuple[Plan, Records]:
    wanted = staged(folder / "glue-local.yaml", "prod")
    records = Records(account, wanted.bucket, wanted.prefix)
    asked = Wanted(wanted.project, wanted.stage.name, wanted.resources, wanted.used, wanted.tags)
    return make_plan(account, asked, records), records


def apply(folder: Path, account: Account, iam: Iam, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, records = planned(folder, account)
    with monkeypatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", lambda *call: iam(*call))
        for _ in apply_plan(plan, account, records, iam.clock, iam.sleep):
            pass


def test_a_step_is_retried_until_services_see_a_new_role(
    folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = Iam(9.0)
    apply(folder, there, iam, monkeypatch)
    assert iam.refused[0] == "CreateDeliveryStream"
    assert iam.now == 1010.0, "five pauses, and none once the role is known"
    assert planned(folder, there)[0].empty


@pytest.mark.parametrize("operation", REFUSALS)
def test_each_services_error_is_recognised_and_retries_end(
    operation: str, folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = Iam(1e9, {operation: REFUSALS[operation]})
    with pytest.raises(ClientError, match=REFUSALS[operation][0]):
        apply(folder, there, iam, monkeypatch)
    assert set(iam.refused) == {operation}
    assert iam.now == 1060.0


@pytest.mark.parametrize(
    "message",
    [
        "User: arn:aws:sts::123456789012:assumed-role/deployer/ci is not authorized to perform: glue:CreateJob",
        "the job is wrong",
    ],
)
def test_permanent_errors_are_not_retried(
    message: str, folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    iam = Iam(1e9, {"CreateJob": ("AccessDeniedException", message)})
    with pytest.raises(ClientError):
        apply(folder, there, iam, monkeypatch)
    assert (iam.refused, iam.now) == (["CreateJob"], 1000.0)


def test_nothing_is_retried_without_a_new_role(folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(folder, there, Iam(0.0), monkeypatch)
    edit(folder, "- Name: j\n    Role: r", "- Name: k\n    Role: r")
    edit(folder, "jobs: {j:", "jobs: {k:")
    edit(folder, "{JobName: j,", "{JobName: k,")
    edit(folder, "JobName: j, State", "JobName: k, State")
    edit(folder, '"JobName": "j"', '"JobName": "k"', "m.asl.json")
    iam = Iam(0.0)
    iam.heard = 1e9
    with pytest.raises(ClientError, match="unable to assume"):
        apply(folder, there, iam, monkeypatch)
    assert (iam.refused, iam.now) == (["CreateJob"], 1000.0)


class CloudFormation:
    """Services whose resources have a tag of CloudFormation, which others cannot write and S3 refuses to remove."""

    system = ("aws:cloudformation:stack-name", "theirs")

    def __init__(self) -> None:
        self.written = list[str]()

    def __call__(self, client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        key, value = self.system
        if operation == "PutBucketTagging":
            tags = parameters["Tagging"]["TagSet"]
            assert {"Key": key, "Value": value} in tags, "InvalidTag: System Tags cannot be removed by requester"
            kept = [tag for tag in tags if tag["Key"] != key]
            return _call(client, operation, {**parameters, "Tagging": {"TagSet": kept}})
        if operation.startswith(("Tag", "AddTags")):
            self.written.append(operation)
            assert key not in str(parameters), f"{operation}: system tags are not written"
        answer = _call(client, operation, parameters)
        if operation == "GetTags":
            answer["Tags"] |= {key: value}
        for name in ("TagSet", "tags", "Tags"):
            if operation.startswith(("ListTags", "ListRoleTags", "GetBucketTagging")) and name in answer:
                answer[name].append({"key": key, "value": value} if name == "tags" else {"Key": key, "Value": value})
        return answer


def test_the_tags_of_an_adopted_cloudformation_stack_are_kept(
    folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(folder, there, Iam(0.0), monkeypatch)
    edit(folder, "team: roads", "team: others")
    services = CloudFormation()
    with monkeypatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", lambda *call: services(*call))
        plan, records = planned(folder, there)
        for _ in apply_plan(plan, there, records):
            pass
        assert planned(folder, there)[0].empty
    assert {"TagRole", "TagResource", "TagDeliveryStream", "AddTagsToStream"} <= set(services.written)
