import json
from typing import Any

import pytest

COMMAND = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://scripts/a.py"}


@pytest.fixture(scope="module", autouse=True)
def _jobs(endpoint: Any) -> None:
    from glue_local.client.clients import local

    glue = local("glue", endpoint_url=endpoint.endpoint)
    glue.create_job(Name="orders", Role="r", Command=COMMAND, ExecutionProperty={"MaxConcurrentRuns": 3})
    glue.create_job(Name="roads", Role="r", Command=COMMAND)
    for _ in range(2):
        run = glue.start_job_run(JobName="orders")["JobRunId"]
        glue.batch_stop_job_run(JobName="orders", JobRunIds=[run])


def test_jobs_are_listed_with_their_latest_runs(cli: Any) -> None:
    lines = cli("jobs").output.splitlines()
    assert lines[0].split() == ["job", "type", "latest", "run", "started", "script"]
    assert lines[1].split()[:3] == ["orders", "pythonshell", "STOPPED"]
    assert lines[2].split() == ["roads", "pythonshell", "s3://scripts/a.py"]
    assert max(map(len, lines)) <= 80
    found = json.loads(cli("jobs", "--json").output)
    assert [(each["Name"], each["State"]) for each in found] == [("orders", "STOPPED"), ("roads", None)]


def test_runs_are_listed_from_the_latest(cli: Any, aws: Any) -> None:
    runs = aws("glue").get_job_runs(JobName="orders")["JobRuns"]
    assert [each["Id"] for each in json.loads(cli("runs", "orders", "--json").output)] == [run["Id"] for run in runs]
    assert len(json.loads(cli("runs", "--json", "-n", 1).output)) == 1
    shown = cli("runs").output
    assert f"{runs[0]['Id'][:11]}…" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_wrong_uses_are_reported_with_the_fix(cli: Any) -> None:
    assert cli("runs", "order").stderr == "glue-local: job order does not exist: did you mean orders?\n"
    assert cli("runs", "roads").stderr == "roads has not run yet: `glue-local run roads`\n"
    assert cli("runs", "orders", "-n", "0").exit_code == 2
    assert cli("jobs", "orders").exit_code == 2
