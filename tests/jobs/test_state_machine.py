"""The deployed state machine with a simulated worker: order, arguments, retries and failures."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml

from glue_local.server import Server
from tests.jobs.conftest import ROOT

Aws = Callable[..., Any]
DEFINITION = (ROOT / "stepfunctions" / "traffic_glue.asl.json").read_text()
JOBS = ["load_points", "repartition", "aggregate", "check_quality"]


def post(server: Server, path: str, **body: Any) -> Any:
    request = urllib.request.Request(
        f"{server.endpoint}/_glue_local/{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {server.private.bearer}"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response) if response.status == 200 else None


@contextmanager
def worker(server: Server, failures: list[str]) -> Iterator[list[dict[str, Any]]]:
    """End every run immediately; a job fails as often as it is in ``failures``."""
    claimed: list[dict[str, Any]] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            claim = post(server, "runs/claim", worker="test", commands=["glueetl", "pythonshell"], wait=0.2)
            if claim:
                claimed.append(claim)
                name = claim["job"]["Name"]
                fails = name in failures
                if fails:
                    failures.remove(name)
                outcome = {"state": "FAILED", "error_message": f"{name} is ill"} if fails else {"state": "SUCCEEDED"}
                post(server, f"runs/{claim['run']['Id']}/started", claim=claim["claim"])
                post(server, f"runs/{claim['run']['Id']}/finished", claim=claim["claim"], execution_time=1, **outcome)

    thread = threading.Thread(target=work)
    thread.start()
    yield claimed
    stop.set()
    thread.join()


@pytest.fixture(scope="module")
def provisioned(endpoint: Server) -> Server:
    import boto3

    keys = {"aws_access_key_id": "000000000000", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    glue = boto3.client("glue", endpoint_url=endpoint.endpoint, **keys)
    for name in JOBS:
        glue.create_job(**yaml.safe_load((ROOT / "jobs" / f"{name}.yaml").read_text()))
    return endpoint


def execute(aws: Aws, name: str, **given: Any) -> dict[str, Any]:
    states = aws("stepfunctions")
    role = "arn:aws:iam::000000000000:role/traffic-states"
    machine = states.create_state_machine(name=f"traffic_{name}", definition=DEFINITION, roleArn=role)
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"], name=name, input=json.dumps(given))[
        "executionArn"
    ]
    for _ in range(300):
        answer = states.describe_execution(executionArn=execution)
        if answer["status"] != "RUNNING":
            return dict(answer)
        time.sleep(0.1)
    raise AssertionError("the execution does not end")


def test_the_jobs_run_in_order_and_a_failed_one_is_retried(provisioned: Server, aws: Aws) -> None:
    with worker(provisioned, ["repartition"]) as claimed:
        execution = execute(aws, "again", min_completeness="0.9")
    assert execution["status"] == "SUCCEEDED", execution
    assert [claim["job"]["Name"] for claim in claimed] == ["load_points", "repartition", *JOBS[1:]]
    arguments = {claim["job"]["Name"]: claim["arguments"] for claim in claimed}
    assert arguments["load_points"]["--config_path"] == "s3://traffic-raw/config/"
    assert arguments["aggregate"]["--execution"] == arguments["check_quality"]["--execution"] == "again"
    assert arguments["check_quality"]["--min_completeness"] == "0.9"


def test_every_location_comes_from_the_input(provisioned: Server, aws: Aws) -> None:
    given = {"config_path": "s3://a/", "points_path": "s3://b/", "state_path": "s3://c/", "report_path": "s3://d/"}
    with worker(provisioned, []) as claimed:
        execution = execute(aws, "elsewhere", **given, database="own", bookmark="job-bookmark-disable")
    assert execution["status"] == "SUCCEEDED", execution
    arguments = {claim["job"]["Name"]: claim["arguments"] for claim in claimed}
    assert {arguments[name]["--database"] for name in JOBS} == {"own"}
    assert arguments["load_points"]["--config_path"] == "s3://a/"
    assert arguments["load_points"]["--points_path"] == "s3://b/"
    assert arguments["repartition"]["--state_path"] == "s3://c/"
    assert arguments["repartition"]["--job-bookmark-option"] == "job-bookmark-disable"
    assert arguments["check_quality"]["--report_path"] == "s3://d/"


def test_a_failure_is_named_with_its_reason(provisioned: Server, aws: Aws) -> None:
    with worker(provisioned, ["check_quality"] * 4) as claimed:
        execution = execute(aws, "ill")
    assert (execution["status"], execution["error"]) == ("FAILED", "CheckQualityFailed")
    assert execution["cause"].startswith("job check_quality: States.TaskFailed: {")
    assert "check_quality is ill" in execution["cause"]
    assert [claim["job"]["Name"] for claim in claimed] == [*JOBS[:3], *["check_quality"] * 4]


def test_the_definition_has_no_local_values() -> None:
    assert "localhost" not in DEFINITION
    assert "000000000000" not in DEFINITION
