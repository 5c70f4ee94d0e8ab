"""Airflow's operators and sensors for Athena and Glue, executed without a scheduler."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from glue_local.cli.up import settings_for
from glue_local.server import Server
from glue_local.settings import Settings
from tests.public_clients.conftest import Installed, Script
from tests.public_clients.installed import environment_of, run
from tests.query.asking import Asking

SCRIPTS = Path(__file__).parent / "scripts"
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def worker_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a real worker."""
    environment = settings_for(0, None).child_environment
    data_dir = tmp_path_factory.mktemp("worker")
    with Server(Settings(port=0, data_dir=data_dir, children=("worker",), child_environment=environment)) as server:
        yield server


def airflow_environment(home: Path) -> dict[str, str]:
    """Return the environment variables for Airflow: a connection without settings, and no database."""
    return {"AIRFLOW_HOME": str(home), "AIRFLOW_CONN_AWS_DEFAULT": "aws://", "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO"}


@pytest.mark.engine
def test_athena_operators_and_sensors(run_on_athena: Script, readings: Asking, tmp_path: Path) -> None:
    found = run_on_athena("airflow", "airflow_operators.py", "athena", **airflow_environment(tmp_path))
    assert readings.result(found["counted"]) == [["n"], ["3"]]
    assert found.pop("location") == readings.found(found.pop("counted"))["ResultConfiguration"]["OutputLocation"]
    assert readings.found(found.pop("stopped"))["Status"]["State"] == "CANCELLED"
    assert [each["Data"][0]["VarCharValue"] for each in found.pop("rows")] == ["n", "3"]
    assert "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved" in found.pop("failure")
    assert found == {"sensor": True, "partition": True, "no partition": False}


def test_glue_job_operator_and_sensor(worker_endpoint: Server, installed: Installed, tmp_path: Path) -> None:
    environment = environment_of(
        worker_endpoint.port, **airflow_environment(tmp_path), STAGING="s3://jobs/", BUCKET="jobs", SCRIPTS=str(SCRIPTS)
    )
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    where = {"endpoint_url": worker_endpoint.endpoint, "region_name": "us-east-1", **keys}
    boto3.client("s3", **where).create_bucket(Bucket="jobs")
    boto3.client("iam", **where).create_role(RoleName="airflow-glue", AssumeRolePolicyDocument="{}")
    command = [str(installed("airflow") / "python"), str(SCRIPTS / "airflow_operators.py"), "glue"]
    written = run(command, tmp_path, **environment)
    found = json.loads(written.splitlines()[-1])
    assert found["script"] == "s3://jobs/artifacts/glue-scripts/shell_job.py"
    assert (found["state"], found["sensor"]) == ("SUCCEEDED", True)
    assert "FAILED" in found["failure"]
    glue = boto3.client("glue", **where)
    assert glue.get_job(JobName="airflow-job")["Job"]["Command"]["ScriptLocation"] == found["script"]
    runs = glue.get_job_runs(JobName="airflow-job")["JobRuns"]
    assert [(run["JobRunState"], run["Arguments"]["--word"]) for run in runs] == [
        ("FAILED", "fail"),
        ("SUCCEEDED", "hello"),
    ]
    # ``verbose`` copies the run's log from CloudWatch to the task's log.
    assert "the word is hello" in written
