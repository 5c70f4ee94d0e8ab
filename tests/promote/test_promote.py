"""Promotion to an account in another process: plan, apply, drift, rollback."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import Result

from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.kinds.scripts import digest
from tests.promote.conftest import MACHINE, SCRIPT, edit

if TYPE_CHECKING:
    from glue_local.server import Server

Cli = Callable[..., Result]


@pytest.fixture
def promoted(cli: Cli, tested: Callable[..., str]) -> str:
    run = tested()
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 0, done.output
    return run


def script_of(account: Account) -> bytes:
    """Return the script that the promoted job would execute."""
    location = account.clients("glue").get_job(JobName="j")["Job"]["Command"]["ScriptLocation"]
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bytes(account.clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


def test_a_plan_is_empty_after_it_was_applied(cli: Cli, tested: Any, there: Account) -> None:
    run = tested()
    planned = cli("plan", "prod")
    assert planned.exit_code == 2, planned.output
    assert "+ job j" in planned.output
    assert f"script of j: tested by j {run}" in planned.output
    assert there.clients("s3").list_buckets()["Buckets"] == []
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 0, done.output
    assert "roads in prod is at promotion 1" in done.output
    again = cli("plan", "prod")
    assert (again.exit_code, again.output.splitlines()[-1]) == (0, "no changes"), again.output
    assert cli("drift", "prod").exit_code == 0


def test_promoted_resources_equal_the_definitions_and_scripts(folder: Path, promoted: str, there: Account) -> None:
    wanted = staged(folder / "glue-local.yaml", "prod")
    for resource in wanted.resources:
        found = KINDS[resource.kind].read(there, resource.request)
        assert found, resource.key
    [job] = [each for each in wanted.resources if each.kind == "jobs"]
    found = KINDS["jobs"].read(there, job.request)
    assert found
    attributes = {key: found.attributes[key] for key in job.request if key != "Name"}
    assert attributes == {key: value for key, value in job.request.items() if key != "Name"}
    assert job.request == {
        "Name": "j",
        "Role": "r",
        "GlueVersion": "5.0",
        "WorkerType": "G.2X",
        "NumberOfWorkers": 2,
        "Timeout": 60,
        "MaxRetries": 0,
        "Command": {
            "Name": "glueetl",
            "PythonVersion": "3",
            "ScriptLocation": f"s3://acme-scripts/jobs/{digest(SCRIPT.encode())}/a.py",
        },
        "DefaultArguments": {
            "--extra-py-files": next(each.name for each in wanted.resources if each.name.endswith(".whl")),
            "--out": "s3://acme-data/out/",
            "--job-bookmark-option": "job-bookmark-enable",
            "--level": "info",
        },
    }
    assert script_of(there) == (folder / "a.py").read_bytes()
    machine = there.clients("stepfunctions").describe_state_machine(
        stateMachineArn=there.arn("states", "stateMachine:m")
    )
    expected = json.dumps(MACHINE, indent=2).replace("s3://data/", "s3://acme-data/")
    assert machine["definition"] == expected
    schedule = there.clients("scheduler").get_schedule(Name="nightly", GroupName="roads-prod")
    assert schedule["State"] == "DISABLED"
    assert there.clients("kinesis").describe_stream_summary(StreamName="s")["StreamDescriptionSummary"][
        "OpenShardCount"
    ] == 2  # fmt: skip


def test_all_resources_are_tagged(folder: Path, promoted: str, there: Account) -> None:
    for resource in staged(folder / "glue-local.yaml", "prod").resources:
        tagging = KINDS[resource.kind].tagging
        if tagging:
            tags = tagging.read(there, resource.request)
            assert tags["glue-local:project"] == "roads", resource.key
            assert tags["glue-local:stage"] == "prod"


def test_changes_of_attributes_and_scripts_are_shown_and_applied(
    cli: Cli, folder: Path, promoted: str, tested: Any, there: Account
) -> None:
    edit(folder, "Timeout: 60", "Timeout: 90")
    edit(folder, "job.commit()", "job.commit()  # at last", "a.py")
    tested()
    planned = cli("plan", "prod", "--diff")
    assert planned.exit_code == 2
    assert "Timeout: 60 → 90" in planned.output
    assert "-job.commit()\n+job.commit()  # at last" in planned.output
    document = json.loads(cli("plan", "prod", "--json").output)
    [step] = [each for each in document["steps"] if each["resource"]["kind"] == "jobs"]
    assert {"path": ["Timeout"], "before": 60, "after": 90} in step["changes"]
    assert cli("promote", "prod", "--yes").exit_code == 0
    assert there.clients("glue").get_job(JobName="j")["Job"]["Timeout"] == 90
    assert script_of(there).endswith(b"# at last\n")


def test_a_manual_change_is_drift_and_is_reverted(cli: Cli, promoted: str, there: Account) -> None:
    glue = there.clients("glue")
    job = KINDS["jobs"].read(there, {"Name": "j"})
    assert job
    by_hand = {**job.attributes, "MaxRetries": 3, "ExecutionProperty": {"MaxConcurrentRuns": 9}}
    glue.update_job(JobName="j", JobUpdate=by_hand)
    there.clients("kinesis").remove_tags_from_stream(StreamName="s", TagKeys=["team"])
    drift = cli("drift", "prod")
    assert drift.exit_code == 2
    assert "MaxRetries: 0 → 3" in drift.output
    assert "ExecutionProperty" in drift.output, "attributes not in the definition count too"
    assert "tags.team: roads → (not set)" in drift.output
    document = json.loads(cli("drift", "prod", "--json").output)
    assert [each["name"] for each in document] == ["s", "j"]
    assert cli("promote", "prod", "--yes").exit_code == 0
    assert cli("drift", "prod").exit_code == 0
    again = glue.get_job(JobName="j")["Job"]
    assert (again["MaxRetries"], again["ExecutionProperty"]) != (3, {"MaxConcurrentRuns": 9})
    assert cli("plan", "prod").exit_code == 0


def test_a_manual_deletion_is_drift_and_is_recreated(cli: Cli, promoted: str, there: Account) -> None:
    there.clients("glue").delete_table(DatabaseName="d", Name="t")
    drift = cli("drift", "prod")
    assert (drift.exit_code, "d.t: no longer exists" in drift.output) == (2, True)
    assert cli("promote", "prod", "--yes").exit_code == 0
    assert cli("drift", "prod").exit_code == 0


def test_a_rollback_restores_the_earlier_scripts(
    cli: Cli, folder: Path, promoted: str, tested: Any, there: Account
) -> None:
    edit(folder, "job.commit()", "job.commit()\nraise SystemExit(1)", "a.py")
    edit(folder, "Description: first", "Description: second")
    tested()
    assert cli("promote", "prod", "--yes").exit_code == 0
    assert script_of(there) == (folder / "a.py").read_bytes()
    back = cli("rollback", "prod", "--yes")
    assert back.exit_code == 0, back.output
    assert "at promotion 1" in back.output
    assert script_of(there) == SCRIPT.encode()
    assert there.clients("glue").get_database(Name="d")["Database"]["Description"] == "first"
    assert cli("drift", "prod").exit_code == 0
    refused = cli("rollback", "prod", "--yes")
    assert refused.exit_code == 1
    assert "roads has no earlier promotion to prod" in refused.output
    # Promoting again creates a third promotion: numbers are not reused.
    assert "promotion 1 → 3" in cli("promote", "prod", "--yes").output


def test_resources_of_others_are_not_changed(cli: Cli, tested: Any, there: Account) -> None:
    tested()
    there.clients("glue").create_job(Name="j", Role="theirs", Command={"Name": "glueetl", "ScriptLocation": "s3://x/y"})
    there.clients("kinesis").create_stream(StreamName="s", ShardCount=1)
    there.clients("glue").create_database(DatabaseInput={"Name": "other"})
    planned = cli("plan", "prod")
    assert planned.exit_code == 1
    assert "jobs j already exists in account 123456789012 without the tags" in planned.output
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 1
    assert "prod was not changed" in done.output
    assert there.clients("glue").get_job(JobName="j")["Job"]["Role"] == "theirs"
    assert there.clients("s3").list_buckets()["Buckets"] == []


def test_prune_deletes_undefined_resources_but_no_data(cli: Cli, folder: Path, promoted: str, there: Account) -> None:
    text = (folder / "glue-local.yaml").read_text()
    start, end = text.index("streams:\n  - StreamName"), text.index("databases:")
    (folder / "glue-local.yaml").write_text(text[:start] + text[end:])
    edit(folder, "state_machines: [{", "not_any_more: [{")
    edit(folder, "not_any_more:", "#")
    edit(folder, "schedules: off", "tags_are_enough: 1")
    edit(folder, "    tags_are_enough: 1\n", "")
    text = (folder / "glue-local.yaml").read_text()
    start, end = text.index("schedules:\n"), text.index("stages:")
    (folder / "glue-local.yaml").write_text((text[:start] + text[end:]).replace("{shards: 2}", "{shards: 2}"))
    noted = cli("plan", "prod")
    assert "state_machines m is no longer defined; --prune deletes it" in noted.output, noted.output
    assert "streams s is no longer defined; it is kept because it may contain data" in noted.output
    done = cli("promote", "prod", "--prune", "--yes")
    assert done.exit_code == 0, done.output
    assert there.clients("stepfunctions").list_state_machines()["stateMachines"] == []
    assert there.clients("scheduler").list_schedules()["Schedules"] == []
    assert there.clients("kinesis").list_streams()["StreamNames"] == ["s"]


def test_untested_scripts_are_refused(cli: Cli, folder: Path, tested: Any, there: Account) -> None:
    edit(folder, "import shared", "import shared  # never run before", "a.py")
    tested("FAILED")
    refused = cli("promote", "prod", "--yes")
    assert refused.exit_code == 1
    assert "no local run of job j has SUCCEEDED with this version of its script" in refused.output
    assert there.clients("s3").list_buckets()["Buckets"] == []
    tested()
    edit(folder, "E17", "E40", "shared/__init__.py")
    assert cli("promote", "prod", "--yes").exit_code == 1, "a module that was not tested counts as well"
    loud = cli("promote", "prod", "--yes", "--untested")
    assert loud.exit_code == 0
    assert "UNTESTED: no local run of job j" in loud.output


def test_a_changed_argument_needs_no_new_test_run(cli: Cli, folder: Path, promoted: str) -> None:
    edit(folder, "--level: info", "--level: debug")
    done = cli("plan", "prod", "--local", "http://localhost:1")
    assert done.exit_code == 2, done.output
    assert "DefaultArguments.--level: info → debug" in done.output


def test_a_stage_whose_endpoint_is_glue_local_is_refused(
    cli: Cli, folder: Path, endpoint: "Server", tmp_path: Path
) -> None:
    (tmp_path / "aws").write_text(f"[profile prod]\nendpoint_url = {endpoint.endpoint}\n")
    refused = cli("plan", "prod")
    assert refused.exit_code == 1
    message = "the profile prod: the endpoint http://localhost:"
    assert message in refused.output
    assert "glue-local.yaml:" in refused.output
    assert "is a glue-local server, not AWS" in refused.output.replace("\n", "")


def test_a_single_service_whose_endpoint_is_glue_local_is_refused(
    cli: Cli, account_url: str, endpoint: "Server", tmp_path: Path
) -> None:
    apart = f"services = apart\n[services apart]\ns3 =\n  endpoint_url = {endpoint.endpoint}\n"
    (tmp_path / "aws").write_text(f"[profile prod]\nendpoint_url = {account_url}\nregion = eu-west-1\n{apart}")
    refused = cli("plan", "prod")
    assert refused.exit_code == 1
    assert f"the endpoint {endpoint.endpoint} is a glue-local server" in refused.output.replace("\n", "")


def test_a_profile_for_another_account_is_refused(cli: Cli, folder: Path) -> None:
    edit(folder, 'account: "123456789012"', 'account: "210987654321"')
    refused = cli("plan", "prod")
    assert refused.exit_code == 1
    assert "the profile prod: the account is 123456789012, but the stage is in 210987654321" in refused.output


def test_a_plan_without_a_local_server_is_refused(cli: Cli) -> None:
    refused = cli("plan", "prod", "--local", "http://localhost:1")
    assert refused.exit_code == 1
    assert "cannot read test runs from a glue-local server" in refused.output


def test_a_saved_plan_is_applied_unless_the_account_has_changed(
    cli: Cli, folder: Path, tested: Any, there: Account, tmp_path: Path
) -> None:
    tested()
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "--out", str(plan)).exit_code == 2
    (folder / "a.py").write_text("changed since")
    done = cli("apply", str(plan), "--profile", "prod")
    assert done.exit_code == 0, done.output
    assert script_of(there) == SCRIPT.encode()
    assert cli("apply", str(plan), "--profile", "prod").output == "no changes\n"
    edit(folder, "changed since", SCRIPT, "a.py")
    edit(folder, "Timeout: 60", "Timeout: 70")
    assert cli("plan", "prod", "--out", str(plan)).exit_code == 2
    job = KINDS["jobs"].read(there, {"Name": "j"})
    assert job
    there.clients("glue").update_job(JobName="j", JobUpdate={**job.attributes, "Timeout": 65})
    refused = cli("apply", str(plan), "--profile", "prod")
    assert refused.exit_code == 1
    assert "the account has changed since" in refused.output
    assert there.clients("glue").get_job(JobName="j")["Job"]["Timeout"] == 65


def test_resources_with_data_are_never_deleted() -> None:
    assert [name for name, kind in KINDS.items() if kind.delete is None] == ["buckets", "scripts", "streams"]
