"""Promotion to an account in another process: planned, applied, changed by hand, rolled back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import Result

from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.kinds.scripts import digest
from glue_local.promote.overlay import staged
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
    """Return the bytes that the promoted job would execute."""
    location = account.clients("glue").get_job(JobName="j")["Job"]["Command"]["ScriptLocation"]
    bucket, _, key = location.removeprefix("s3://").partition("/")
    return bytes(account.clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read())


def test_planned_applied_and_planned_again_is_empty(cli: Cli, tested: Any, there: Account) -> None:
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
    assert (again.exit_code, again.output.splitlines()[-1]) == (0, "nothing to do"), again.output
    assert cli("drift", "prod").exit_code == 0


def test_what_is_promoted_equals_the_definition_and_the_bytes(folder: Path, promoted: str, there: Account) -> None:
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


def test_everything_that_can_be_tagged_is(folder: Path, promoted: str, there: Account) -> None:
    for resource in staged(folder / "glue-local.yaml", "prod").resources:
        tagging = KINDS[resource.kind].tagging
        if tagging:
            tags = tagging.read(there, resource.request)
            assert tags["glue-local:project"] == "roads", resource.key
            assert tags["glue-local:stage"] == "prod"


def test_a_change_is_shown_by_attribute_and_script_and_made(
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


def test_a_change_by_hand_is_drift_and_is_put_back(cli: Cli, promoted: str, there: Account) -> None:
    glue = there.clients("glue")
    job = KINDS["jobs"].read(there, {"Name": "j"})
    assert job
    by_hand = {**job.attributes, "MaxRetries": 3, "ExecutionProperty": {"MaxConcurrentRuns": 9}}
    glue.update_job(JobName="j", JobUpdate=by_hand)
    there.clients("kinesis").remove_tags_from_stream(StreamName="s", TagKeys=["team"])
    drift = cli("drift", "prod")
    assert drift.exit_code == 2
    assert "MaxRetries: 0 → 3" in drift.output
    assert "ExecutionProperty" in drift.output, "what no definition speaks of counts too"
    assert "tags.team: roads → (not set)" in drift.output
    document = json.loads(cli("drift", "prod", "--json").output)
    assert [each["name"] for each in document] == ["s", "j"]
    assert cli("promote", "prod", "--yes").exit_code == 0
    assert cli("drift", "prod").exit_code == 0
    again = glue.get_job(JobName="j")["Job"]
    assert (again["MaxRetries"], again["ExecutionProperty"]) != (3, {"MaxConcurrentRuns": 9})
    assert cli("plan", "prod").exit_code == 0


def test_something_deleted_by_hand_is_drift_and_is_made_again(cli: Cli, promoted: str, there: Account) -> None:
    there.clients("glue").delete_table(DatabaseName="d", Name="t")
    drift = cli("drift", "prod")
    assert (drift.exit_code, "d.t: is gone" in drift.output) == (2, True)
    assert cli("promote", "prod", "--yes").exit_code == 0
    assert cli("drift", "prod").exit_code == 0


def test_roll_back_returns_the_earlier_bytes(
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
    assert "no promotion of roads to prod before" in refused.output
    # Forward again: a third promotion, not the second one's number used twice.
    assert "promotion 1 → 3" in cli("promote", "prod", "--yes").output


def test_what_is_not_ours_is_not_touched(cli: Cli, tested: Any, there: Account) -> None:
    tested()
    there.clients("glue").create_job(Name="j", Role="theirs", Command={"Name": "glueetl", "ScriptLocation": "s3://x/y"})
    there.clients("kinesis").create_stream(StreamName="s", ShardCount=1)
    there.clients("glue").create_database(DatabaseInput={"Name": "other"})
    planned = cli("plan", "prod")
    assert planned.exit_code == 1
    assert "jobs j exists in account 123456789012 without the tags" in planned.output
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 1
    assert "prod is not touched" in done.output
    assert there.clients("glue").get_job(JobName="j")["Job"]["Role"] == "theirs"
    assert there.clients("s3").list_buckets()["Buckets"] == []


def test_prune_deletes_what_is_not_defined_any_more_but_no_data(
    cli: Cli, folder: Path, promoted: str, there: Account
) -> None:
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
    assert "state_machines m is not defined any more; --prune deletes it" in noted.output, noted.output
    assert "streams s is not defined any more; it may hold data and stays" in noted.output
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
    assert "the script of job j has no SUCCEEDED local run with these bytes" in refused.output
    assert there.clients("s3").list_buckets()["Buckets"] == []
    tested()
    edit(folder, "E17", "E40", "shared/__init__.py")
    assert cli("promote", "prod", "--yes").exit_code == 1, "a module that was not tested counts as well"
    loud = cli("promote", "prod", "--yes", "--untested")
    assert loud.exit_code == 0
    assert "UNTESTED: the script of job j" in loud.output


def test_an_argument_alone_asks_for_no_test(cli: Cli, folder: Path, promoted: str) -> None:
    edit(folder, "--level: info", "--level: debug")
    done = cli("plan", "prod", "--local", "http://localhost:1")
    assert done.exit_code == 2, done.output
    assert "DefaultArguments.--level: info → debug" in done.output


def test_a_stage_that_leads_to_a_glue_local_is_refused(
    cli: Cli, folder: Path, endpoint: "Server", tmp_path: Path
) -> None:
    (tmp_path / "aws").write_text(f"[profile prod]\nendpoint_url = {endpoint.endpoint}\n")
    refused = cli("plan", "prod")
    assert refused.exit_code == 1
    said = "the profile prod and its endpoint lead to http://localhost:"
    assert said in refused.output
    assert "glue-local.yaml:" in refused.output
    assert "a glue-local, not to an AWS account" in refused.output.replace("\n", "")


def test_a_single_service_that_leads_to_a_glue_local_is_refused(
    cli: Cli, account_url: str, endpoint: "Server", tmp_path: Path
) -> None:
    apart = f"services = apart\n[services apart]\ns3 =\n  endpoint_url = {endpoint.endpoint}\n"
    (tmp_path / "aws").write_text(f"[profile prod]\nendpoint_url = {account_url}\nregion = eu-west-1\n{apart}")
    refused = cli("plan", "prod")
    assert refused.exit_code == 1
    assert f"lead to {endpoint.endpoint}, a glue-local" in refused.output.replace("\n", "")


def test_a_profile_of_another_account_is_refused(cli: Cli, folder: Path) -> None:
    edit(folder, 'account: "123456789012"', 'account: "210987654321"')
    refused = cli("plan", "prod")
    assert refused.exit_code == 1
    assert "the profile prod is in the account 123456789012, the stage in 210987654321" in refused.output


def test_nobody_knows_of_test_runs(cli: Cli) -> None:
    refused = cli("plan", "prod", "--local", "http://localhost:1")
    assert refused.exit_code == 1
    assert "no glue-local tells which runs tested the scripts" in refused.output


def test_a_saved_plan_is_applied_unless_the_account_has_moved_on(
    cli: Cli, folder: Path, tested: Any, there: Account, tmp_path: Path
) -> None:
    tested()
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "--out", str(plan)).exit_code == 2
    (folder / "a.py").write_text("changed since")
    done = cli("apply", str(plan), "--profile", "prod")
    assert done.exit_code == 0, done.output
    assert script_of(there) == SCRIPT.encode()
    assert cli("apply", str(plan), "--profile", "prod").output == "nothing to do\n"
    edit(folder, "changed since", SCRIPT, "a.py")
    edit(folder, "Timeout: 60", "Timeout: 70")
    assert cli("plan", "prod", "--out", str(plan)).exit_code == 2
    job = KINDS["jobs"].read(there, {"Name": "j"})
    assert job
    there.clients("glue").update_job(JobName="j", JobUpdate={**job.attributes, "Timeout": 65})
    refused = cli("apply", str(plan), "--profile", "prod")
    assert refused.exit_code == 1
    assert "the account has moved on" in refused.output
    assert there.clients("glue").get_job(JobName="j")["Job"]["Timeout"] == 65


def test_what_holds_data_is_never_deleted() -> None:
    assert [name for name, kind in KINDS.items() if kind.delete is None] == ["buckets", "scripts", "streams"]
