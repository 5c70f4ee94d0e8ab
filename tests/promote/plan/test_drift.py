"""Drift in policies, boundaries and tags, reported by exit code and name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import KINDS, Account
from tests.promote.conftest import edit

Cli = Callable[..., Result]
MANAGED = "arn:aws:iam::123456789012:policy/everything"
OTHER = "arn:aws:iam::123456789012:policy/reading"
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
BOUNDARY = '{RoleName: r, PermissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess", '


@pytest.fixture
def promoted(cli: Cli, tested: Any) -> None:
    tested()
    promote(cli)


def promote(cli: Cli, *arguments: str) -> str:
    done = cli("promote", "prod", "--yes", *arguments)
    assert done.exit_code == 0, done.output
    return done.output


def drift(cli: Cli) -> dict[str, list[tuple[str, Any, Any]]]:
    """Return the drift as (path, was, is) by resource, and check the exit code."""
    told = cli("drift", "prod", "--json")
    document = json.loads(told.output)
    assert told.exit_code == (2 if document else 0)
    return {
        f"{each['kind']}/{each['name']}": [(".".join(c["path"]), c["was"], c["is"]) for c in each["changes"]]
        for each in document
    }


def attach(account: Account, arn: str) -> None:
    account.clients("iam").create_policy(PolicyName=arn.rpartition("/")[2], PolicyDocument=DOCUMENT)
    account.clients("iam").attach_role_policy(RoleName="r", PolicyArn=arn)


@pytest.mark.usefixtures("promoted")
def test_an_attached_managed_policy_is_drift(cli: Cli, folder: Path, there: Account) -> None:
    attach(there, MANAGED)
    expected = {"roles/r": [(f"ManagedPolicies.{MANAGED}", None, "there")]}
    assert drift(cli) == expected
    message = f"role r has the managed policy {MANAGED}, which is not in the definitions; it is kept"
    assert message in cli("plan", "prod").output
    # Another promotion does not adopt it.
    edit(folder, "Description: first", "Description: second")
    assert "promotion 1 → 2" in promote(cli)
    assert drift(cli) == expected
    there.clients("iam").detach_role_policy(RoleName="r", PolicyArn=MANAGED)
    assert drift(cli) == {}


@pytest.mark.usefixtures("promoted")
def test_an_additional_inline_policy_is_drift(cli: Cli, there: Account) -> None:
    there.clients("iam").put_role_policy(RoleName="r", PolicyName="more", PolicyDocument=DOCUMENT)
    assert drift(cli) == {"roles/r": [("InlinePolicies.more", None, "there")]}
    assert "role r has the inline policy more, which is not in the definitions; it is kept" in promote(cli)
    assert there.clients("iam").list_role_policies(RoleName="r")["PolicyNames"] == ["p", "more"]
    assert drift(cli) == {"roles/r": [("InlinePolicies.more", None, "there")]}


@pytest.mark.usefixtures("promoted")
def test_a_change_of_our_inline_policy_is_drift(cli: Cli, there: Account) -> None:
    there.clients("iam").put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=DOCUMENT)
    [(path, _, found)] = drift(cli)["role_policies/r.p"]
    assert (path, found[0]["Action"]) == ("PolicyDocument.Statement", ["*"])
    promote(cli)
    assert drift(cli) == {}


@pytest.mark.usefixtures("promoted")
def test_a_changed_trust_policy_is_drift(cli: Cli, there: Account) -> None:
    role = there.clients("iam").get_role(RoleName="r")["Role"]
    document = role["AssumeRolePolicyDocument"]
    theirs = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "sts:AssumeRole"}
    document["Statement"].append(theirs)
    there.clients("iam").update_assume_role_policy(RoleName="r", PolicyDocument=json.dumps(document))
    [(path, was, found)] = drift(cli)["roles/r"]
    assert path == "AssumeRolePolicyDocument.Statement"
    assert (len(was), len(found)) == (1, 2)
    promote(cli)
    assert drift(cli) == {}


@pytest.mark.usefixtures("promoted")
def test_an_added_permissions_boundary_is_drift(cli: Cli, there: Account) -> None:
    there.clients("iam").put_role_permissions_boundary(RoleName="r", PermissionsBoundary=OTHER)
    assert drift(cli) == {"roles/r": [("PermissionsBoundary", None, OTHER)]}
    promote(cli)
    assert drift(cli) == {}


def test_a_removed_permissions_boundary_is_drift(cli: Cli, folder: Path, tested: Any, there: Account) -> None:
    edit(folder, "{RoleName: r, Assume", BOUNDARY + "Assume")
    tested()
    promote(cli)
    assert drift(cli) == {}
    there.clients("iam").delete_role_permissions_boundary(RoleName="r")
    assert drift(cli) == {"roles/r": [("PermissionsBoundary", "arn:aws:iam::aws:policy/PowerUserAccess", None)]}
    promote(cli)
    assert drift(cli) == {}


# The call that removes a tag in each service.
UNTAG: dict[str, Callable[[Account], Any]] = {
    "buckets/acme-data": lambda a: a.clients("s3").delete_bucket_tagging(Bucket="acme-data"),
    "roles/r": lambda a: a.clients("iam").untag_role(RoleName="r", TagKeys=["team"]),
    "streams/s": lambda a: a.clients("kinesis").remove_tags_from_stream(StreamName="s", TagKeys=["team"]),
    "databases/d": lambda a: a.clients("glue").untag_resource(
        ResourceArn=a.arn("glue", "database/d"), TagsToRemove=["team"]
    ),
    "delivery_streams/f": lambda a: a.clients("firehose").untag_delivery_stream(
        DeliveryStreamName="f", TagKeys=["team"]
    ),
    "jobs/j": lambda a: a.clients("glue").untag_resource(ResourceArn=a.arn("glue", "job/j"), TagsToRemove=["team"]),
    "crawlers/c": lambda a: a.clients("glue").untag_resource(
        ResourceArn=a.arn("glue", "crawler/c"), TagsToRemove=["team"]
    ),
    "rules/arrived": lambda a: a.clients("events").untag_resource(
        ResourceARN=a.arn("events", "rule/arrived"), TagKeys=["team"]
    ),
    "triggers/crawled": lambda a: a.clients("glue").untag_resource(
        ResourceArn=a.arn("glue", "trigger/crawled"), TagsToRemove=["team"]
    ),
    "workflows/w": lambda a: a.clients("glue").untag_resource(
        ResourceArn=a.arn("glue", "workflow/w"), TagsToRemove=["team"]
    ),
    "triggers/start": lambda a: a.clients("glue").untag_resource(
        ResourceArn=a.arn("glue", "trigger/start"), TagsToRemove=["team"]
    ),
    "state_machines/m": lambda a: a.clients("stepfunctions").untag_resource(
        resourceArn=a.arn("states", "stateMachine:m"), tagKeys=["team"]
    ),
    "schedule_groups/roads-prod": lambda a: a.clients("scheduler").untag_resource(
        ResourceArn=a.arn("scheduler", "schedule-group/roads-prod"), TagKeys=["team"]
    ),
}


@pytest.mark.usefixtures("promoted")
def test_a_removed_tag_is_drift_for_every_kind(cli: Cli, folder: Path, there: Account) -> None:
    tagged = {each.key for each in staged(folder / "glue-local.yaml", "prod").resources if KINDS[each.kind].tagging}
    assert {*UNTAG, "tables/d.t", "buckets/acme-scripts"} == tagged
    for key, untag in UNTAG.items():
        untag(there)
        assert drift(cli)[key][-1] == ("tags.team", "roads", None)
    glue = there.clients("glue")
    table = glue.get_table(DatabaseName="d", Name="t")["Table"]
    kept = {"Name": "t", "StorageDescriptor": table["StorageDescriptor"], "Parameters": {"classification": "json"}}
    glue.update_table(DatabaseName="d", TableInput=kept)
    assert {path for path, _, _ in drift(cli)["tables/d.t"]} == {"tags.glue-local:project", "tags.glue-local:stage"}


@pytest.mark.usefixtures("promoted")
def test_tags_in_a_definition_are_planned_and_checked(cli: Cli, folder: Path, there: Account) -> None:
    edit(folder, "    Timeout: 60", "    Timeout: 60\n    Tags: {cost: a}")
    promote(cli)
    edit(folder, "{cost: a}", "{cost: b}")
    assert "tags.cost: a → b" in cli("plan", "prod").output
    promote(cli)
    arn = there.arn("glue", "job/j")
    assert there.clients("glue").get_tags(ResourceArn=arn)["Tags"]["cost"] == "b"
    there.clients("glue").tag_resource(ResourceArn=arn, TagsToAdd={"cost": "c", "theirs": "x"})
    assert drift(cli) == {"jobs/j": [("tags.cost", "b", "c")]}


def test_policies_of_an_adopted_role_are_accepted(cli: Cli, folder: Path, tested: Any, there: Account) -> None:
    trust = json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    )
    marks = [{"Key": "glue-local:project", "Value": "roads"}, {"Key": "glue-local:stage", "Value": "prod"}]
    iam = there.clients("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust, Tags=marks)
    attach(there, OTHER)
    iam.put_role_policy(RoleName="r", PolicyName="more", PolicyDocument=DOCUMENT)
    tested()
    assert f"role r has the managed policy {OTHER}, which is not in the definitions; it is kept" in promote(cli)
    assert drift(cli) == {}
    assert "! role r" not in cli("plan", "prod").output
    iam.put_role_policy(RoleName="r", PolicyName="more", PolicyDocument=DOCUMENT.replace('"*"', '["*"]'))
    assert drift(cli) == {}, "an equivalent policy"
    iam.put_role_policy(RoleName="r", PolicyName="more", PolicyDocument=DOCUMENT.replace("Allow", "Deny"))
    [(path, was, now)] = drift(cli)["roles/r"]
    assert path == "InlinePolicies.more"
    assert was != now
    assert (
        "role r has the inline policy more, which was changed outside promotions; it is kept"
        in cli("plan", "prod").output
    )
    iam.put_role_policy(RoleName="r", PolicyName="more", PolicyDocument=DOCUMENT)
    iam.detach_role_policy(RoleName="r", PolicyArn=OTHER)
    attach(there, MANAGED)
    gone, came = (f"ManagedPolicies.{OTHER}", "there", None), (f"ManagedPolicies.{MANAGED}", None, "there")
    assert sorted(drift(cli)["roles/r"], key=str) == sorted([gone, came], key=str)


@pytest.mark.usefixtures("promoted")
def test_a_role_with_policies_of_others_is_not_pruned(cli: Cli, folder: Path, there: Account) -> None:
    attach(there, MANAGED)
    text = (folder / "glue-local.yaml").read_text()
    kept = text[: text.index("scripts:\n")] + text[text.index("stages:\n") :]
    for line in ("    schedules: off\n", "    jobs: {j: {WorkerType: G.2X, DefaultArguments: {--level: info}}}\n"):
        kept = kept.replace(line, "")
    (folder / "glue-local.yaml").write_text(kept)
    message = f"roles r is no longer defined; it is kept because it contains {MANAGED}"
    assert message in promote(cli, "--prune")
    assert there.clients("iam").list_role_policies(RoleName="r")["PolicyNames"] == []
    there.clients("iam").detach_role_policy(RoleName="r", PolicyArn=MANAGED)
    assert "role r deleted" in promote(cli, "--prune")
