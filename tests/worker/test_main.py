"""The worker process: how it starts and ends."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from glue_local.server import Server
from tests.server_process import server_in_process


@pytest.fixture
def worker(endpoint: Server, tmp_path: Path) -> Any:
    """Start a worker as a container does: configured by environment variables, without standard input."""
    token = tmp_path / "token"
    token.write_text(endpoint.private.bearer)
    started: list[subprocess.Popen[str]] = []

    def start(**told: str) -> "subprocess.Popen[str]":
        given = {
            "ENDPOINT": endpoint.endpoint,
            "TOKEN_FILE": str(token),
            "DATA_DIR": str(tmp_path),
            "WARM_DRIVERS": "0",
        }
        environment = {f"GLUE_LOCAL_{name}": value for name, value in {**given, **told}.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "glue_local.worker"],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


SCRIPT = "import time\nprint('begun', flush=True)\ntime.sleep(60)\n"


def run_of(aws: Any, script: str) -> dict[str, str]:
    aws("s3").create_bucket(Bucket="scripts")
    aws("s3").put_object(Bucket="scripts", Key="job.py", Body=script.encode())
    command = {"Name": "pythonshell", "ScriptLocation": "s3://scripts/job.py"}
    aws("glue").create_job(Name="job", Role="role", Command=command)
    return {"JobName": "job", "RunId": aws("glue").start_job_run(JobName="job")["JobRunId"]}


def await_state(aws: Any, run: dict[str, str], *states: str) -> dict[str, Any]:
    for _ in range(600):
        found = dict(aws("glue").get_job_run(**run)["JobRun"])
        if found["JobRunState"] in states:
            return found
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError(found)


def test_a_worker_without_standard_input_works_and_ends_its_runs_when_it_stops(aws: Any, worker: Any) -> None:
    process = worker()
    run = run_of(aws, SCRIPT)
    await_state(aws, run, "RUNNING")
    assert process.poll() is None
    process.terminate()
    assert process.wait(10) == 0
    ended = await_state(aws, run, "FAILED")
    assert ended["ErrorMessage"] == "The worker that ran this job was stopped before the run ended."


def test_a_missing_setting_is_reported_in_one_line(worker: Any) -> None:
    process = worker(TOKEN_FILE="/nowhere/token")
    assert process.wait(10) == 1
    line = process.stderr.read()
    assert "/nowhere/token" in line
    assert line.count("\n") == 1


def test_a_server_that_is_stopped_says_so_in_its_unfinished_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUE_LOCAL_WARM_DRIVERS", "0")

    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1", **keys)

    with server_in_process(tmp_path, "worker") as server:
        run = run_of(client, SCRIPT)
        await_state(client, run, "RUNNING")
    with server_in_process(tmp_path) as server:
        ended = await_state(client, run, "FAILED")
    assert ended["ErrorMessage"] == "The server was stopped before this job run ended."
