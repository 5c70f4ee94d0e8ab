"""What a second promotion restores, removes, and leaves to others."""

import json
from pathlib import Path
from typing import Any

import pytest

from glue_local.promote.apply.apply import apply_plan
from glue_local.promote.apply.records import Records, resources_of
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import KINDS, Account, Found
from glue_local.promote.plan.differences import differences
from glue_local.promote.plan.drift import drift_of
from glue_local.promote.plan.plan import Plan, Wanted, make_plan
from tests.promote.conftest import edit


def planned(folder: Path, account: Account) -> tuple[Plan, Records]:
    """Plan the project's current files."""
    wanted = staged(folder / "glue-local.yaml", "prod")
    records = Records(account, wanted.bucket, wanted.prefix)
    asked = Wanted(wanted.project, wanted.stage.name, wanted.resources, wanted.used, wanted.tags)
    return make_plan(account, asked, records), records


def promote(folder: Path, account: Account) -> Plan:
    """Promote and return the applied plan."""
    plan, records = planned(folder, account)
    assert plan.refused == []
    for _ in apply_plan(plan, account, records):
        pass
    return plan


def changes(plan: Plan) -> dict[str, tuple[Any, Any]]:
    """Return the changes in a plan by resource and path."""
    return {f"{step.resource.key} {c.where}": (c.before, c.after) for step in plan.steps for c in step.changes}


def drift(folder: Path, account: Account) -> list[dict[str, Any]]:
    """Return the drift since the last promotion."""
    wanted = staged(folder / "glue-local.yaml", "prod")
    records = Records(account, wanted.bucket, wanted.prefix)
    pointer = records.pointer()
    record = records.record(pointer.number)
    assert record
    return drift_of(account, record, pointer, wanted.tags)


def note_by_others(account: Account, value: str) -> None:
    """Add parameters to the table and the database like Iceberg, crawlers and Athena do."""
    glue = account.clients("glue")
    table = glue.get_table(DatabaseName="d", Name="t")["Table"]
    kept = {key: table[key] for key in ("Name", "StorageDescriptor", "Parameters")}
    kept["Parameters"] |= {"metadata_location": value}
    glue.update_table(DatabaseName="d", TableInput={**kept, "LastAccessTime": 1700000000 + len(value)})
    database = glue.get_database(Name="d")["Database"]
    kept = {key: database[key] for key in ("Name", "Description")}
    glue.update_database(Name="d", DatabaseInput={**kept, "Parameters": {"metadata_location": value}})


def locations(account: Account) -> list[str]:
    """Return the parameters that others wrote."""
    glue = account.clients("glue")
    there = (glue.get_table(DatabaseName="d", Name="t")["Table"], glue.get_database(Name="d")["Database"])
    return [each["Parameters"]["metadata_location"] for each in there]


def test_entries_of_others_in_shared_maps_are_kept(folder: Path, there: Account) -> None:
    promote(folder, there)
    note_by_others(there, "v1")
    edit(folder, "Description: first", "Description: second")
    edit(folder, "Type: int", "Type: bigint")
    done = promote(folder, there)
    assert {step.resource.key for step in done.steps} == {"databases/d", "tables/d.t"}
    assert locations(there) == ["v1", "v1"], "an update keeps them"
    note_by_others(there, "v1.1")
    assert drift(folder, there) == []
    assert planned(folder, there)[0].steps == []


def test_defined_entries_in_a_shared_map_are_restored(folder: Path, there: Account) -> None:
    promote(folder, there)
    glue = there.clients("glue")
    table = glue.get_table(DatabaseName="d", Name="t")["Table"]
    kept = {key: table[key] for key in ("Name", "StorageDescriptor", "Parameters")}
    glue.update_table(
        DatabaseName="d", TableInput={**kept, "Parameters": {**kept["Parameters"], "classification": "csv"}}
    )
    [found] = drift(folder, there)
    assert found["changes"] == [{"path": ("TableInput", "Parameters", "classification"), "was": "json", "is": "csv"}]
    assert changes(promote(folder, there)) == {"tables/d.t TableInput.Parameters.classification": ("csv", "json")}
    assert drift(folder, there) == []


def test_attributes_that_are_no_longer_defined_are_removed(folder: Path, there: Account) -> None:
    promote(folder, there)
    before = (folder / "glue-local.yaml").read_text()
    edit(folder, "    MaxRetries: 0\n", "    MaxRetries: 0\n    ExecutionClass: FLEX\n    Description: new\n")
    edit(folder, "\nroles: [{RoleName: r, ", "\nroles: [{RoleName: r, Description: theirs, MaxSessionDuration: 7200, ")
    edit(folder, "{classification: json}", "{classification: json, owner: roads}")
    edit(folder, "[{name: m, ", "[{name: m, tracingConfiguration: {enabled: true}, ")
    promote(folder, there)
    assert there.clients("glue").get_job(JobName="j")["Job"]["ExecutionClass"] == "FLEX"
    (folder / "glue-local.yaml").write_text(before)
    taken = changes(planned(folder, there)[0])
    assert taken["jobs/j ExecutionClass"] == ("FLEX", None)
    assert taken["tables/d.t TableInput.Parameters.owner"] == ("roads", None)
    assert taken["roles/r MaxSessionDuration"] == (7200, None)
    assert taken["state_machines/m tracingConfiguration"] == ({"enabled": True}, None)
    promote(folder, there)
    assert gone(there)
    assert planned(folder, there)[0].empty
    assert drift(folder, there) == []


def test_attributes_removed_inside_a_list_are_removed_too(folder: Path, there: Account) -> None:
    edit(folder, "{Name: a, Type: int}", "{Name: a, Type: int, Comment: of old}")
    promote(folder, there)
    edit(folder, ", Comment: of old}", "}")
    assert list(changes(promote(folder, there))) == ["tables/d.t TableInput.StorageDescriptor.Columns"]
    table = there.clients("glue").get_table(DatabaseName="d", Name="t")["Table"]
    assert table["StorageDescriptor"]["Columns"] == [{"Name": "a", "Type": "int"}]
    assert planned(folder, there)[0].empty


def gone(account: Account) -> bool:
    """Return whether all additions are removed."""
    job = account.clients("glue").get_job(JobName="j")["Job"]
    role = account.clients("iam").get_role(RoleName="r")["Role"]
    machine = account.clients("stepfunctions").describe_state_machine(
        stateMachineArn=account.arn("states", "stateMachine:m")
    )
    parameters = account.clients("glue").get_table(DatabaseName="d", Name="t")["Table"]["Parameters"]
    return (
        job.get("ExecutionClass") != "FLEX"
        and not job.get("Description")
        and not role.get("Description")
        and role["MaxSessionDuration"] == 3600
        and not machine["tracingConfiguration"]["enabled"]
        and "owner" not in parameters
        and parameters["glue-local:stage"] == "prod"
    )


def test_a_rollback_removes_what_the_promotion_added(folder: Path, there: Account) -> None:
    promote(folder, there)
    edit(folder, "    MaxRetries: 0\n", "    MaxRetries: 0\n    ExecutionClass: FLEX\n")
    promote(folder, there)
    wanted = staged(folder / "glue-local.yaml", "prod")
    records = Records(there, wanted.bucket, wanted.prefix)
    first = records.record(1)
    assert first
    resources = resources_of(first.resources, wanted.stage.place)
    back = make_plan(there, Wanted(wanted.project, "prod", resources, [], wanted.tags, promotion=1), records)
    assert changes(back) == {"jobs/j ExecutionClass": ("FLEX", None)}
    for _ in apply_plan(back, there, records):
        pass
    assert there.clients("glue").get_job(JobName="j")["Job"].get("ExecutionClass") != "FLEX"
    assert drift(folder, there) == []


def test_an_attribute_that_an_update_cannot_remove_is_noted(folder: Path, there: Account) -> None:
    promote(folder, there)
    edit(folder, "      ErrorOutputPrefix: errors/\n", "")
    plan, _ = planned(folder, there)
    assert plan.steps == []
    assert [note for note in plan.notes if "ExtendedS3DestinationConfiguration.ErrorOutputPrefix" in note]


def test_a_manually_set_attribute_that_an_update_cannot_remove_is_noted(folder: Path, there: Account) -> None:
    edit(folder, "      ErrorOutputPrefix: errors/\n", "")
    promote(folder, there)
    firehose = there.clients("firehose")
    stream = firehose.describe_delivery_stream(DeliveryStreamName="f")["DeliveryStreamDescription"]
    firehose.update_destination(
        DeliveryStreamName="f",
        CurrentDeliveryStreamVersionId=stream["VersionId"],
        DestinationId=stream["Destinations"][0]["DestinationId"],
        ExtendedS3DestinationUpdate={"ErrorOutputPrefix": "by-hand/"},
    )
    plan, _ = planned(folder, there)
    assert plan.empty, "otherwise every plan would repeat the same update"
    assert [note for note in plan.notes if "ErrorOutputPrefix is not defined" in note]
    assert drift(folder, there) != []


def test_shards_of_an_on_demand_stream_are_ignored(
    folder: Path, there: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "    ShardCount: ${shards}\n", "    StreamModeDetails: {StreamMode: ON_DEMAND}\n")
    promote(folder, there)
    kinesis = there.clients("kinesis")
    summary = kinesis.describe_stream_summary

    def scaled(**stream: str) -> Any:
        answer = summary(**stream)
        answer["StreamDescriptionSummary"]["OpenShardCount"] *= 2
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(kinesis, "describe_stream_summary", scaled)
        assert drift(folder, there) == []
        assert planned(folder, there)[0].empty
    edit(folder, "    StreamModeDetails: {StreamMode: ON_DEMAND}\n", "    ShardCount: 3\n")
    promote(folder, there)
    stream = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]
    assert (stream["OpenShardCount"], stream["StreamModeDetails"]) == (3, {"StreamMode": "PROVISIONED"})
    assert planned(folder, there)[0].empty


def test_a_roles_permissions_boundary_is_updated_in_place(folder: Path, there: Account) -> None:
    boundaries = ["arn:aws:iam::123456789012:policy/one", "arn:aws:iam::123456789012:policy/two"]
    roles = "\nroles: [{RoleName: r, "
    edit(folder, roles, f"{roles}PermissionsBoundary: {boundaries[0]}, ")
    promote(folder, there)
    assert planned(folder, there)[0].empty
    edit(folder, boundaries[0], boundaries[1])
    assert changes(promote(folder, there)) == {"roles/r PermissionsBoundary": (boundaries[0], boundaries[1])}
    assert planned(folder, there)[0].empty
    edit(folder, f"PermissionsBoundary: {boundaries[1]}, ", "")
    assert changes(promote(folder, there)) == {"roles/r PermissionsBoundary": (boundaries[1], None)}
    assert "PermissionsBoundary" not in there.clients("iam").get_role(RoleName="r")["Role"]
    assert planned(folder, there)[0].empty
    assert drift(folder, there) == []


ROLE = "arn:aws:iam::123456789012:role/service-role/X"


@pytest.mark.parametrize(
    ("wanted", "reported", "same"),
    [
        ("service-role/X", ROLE, True),
        ("X", ROLE, True),
        (ROLE, "service-role/X", True),
        (ROLE, ROLE, True),
        ("other/X", ROLE, False),
        ("Y", ROLE, False),
        (ROLE, ROLE.replace("1234", "4321"), False),
    ],
)
def test_a_jobs_role_is_compared_by_name_or_arn(wanted: str, reported: str, same: bool) -> None:
    found = Found({"Role": reported, "Command": {}})
    changed = differences(KINDS["jobs"], {"Name": "j", "Role": wanted, "Command": {}}, found)
    assert (changed == []) is same, changed


def statement(**members: Any) -> dict[str, Any]:
    """Return a document with a single statement instead of a list."""
    return {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", **members}}


READ = {"Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}
ROOT = "arn:aws:iam::123456789012:root"


@pytest.mark.parametrize(
    ("wanted", "reported", "same"),
    [
        (statement(Resource="*"), statement(Resource=["*"]), True),
        (statement(Resource="*"), {**statement(), "Statement": [statement(Resource="*")["Statement"]]}, True),
        (statement(**READ), statement(Resource=READ["Resource"][::-1]), True),
        (statement(Principal={"AWS": "123456789012"}), statement(Principal={"AWS": [ROOT]}), True),
        (statement(Principal="*"), statement(Principal={"AWS": "*"}), True),
        (statement(Condition={"StringLike": {"a": "x"}}), statement(Condition={"StringLike": {"a": ["x"]}}), True),
        (statement(**READ), statement(Resource=READ["Resource"][:1]), False),
        (statement(Principal={"AWS": "210987654321"}), statement(Principal={"AWS": ROOT}), False),
        (statement(Resource="*"), statement(Resource="*", Condition={"Bool": {"aws:SecureTransport": "true"}}), False),
    ],
)
def test_policies_are_compared_by_meaning(wanted: dict[str, Any], reported: dict[str, Any], same: bool) -> None:
    request = {"RoleName": "r", "PolicyName": "p", "PolicyDocument": json.dumps(wanted)}
    changed = differences(KINDS["role_policies"], request, Found({"PolicyDocument": reported}))
    assert (changed == []) is same, changed
    role = {"RoleName": "r", "AssumeRolePolicyDocument": json.dumps(wanted)}
    changed = differences(KINDS["roles"], role, Found({"AssumeRolePolicyDocument": reported}))
    assert (changed == []) is same, changed
