"""Step Functions executions that start Glue runs and wait for them, with a worker played by the test."""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from glue_local.server import Server

Aws = Callable[..., Any]
ROLE = "arn:aws:iam::000000000000:role/machine"


def machine(job: str = "a-job", **state: Any) -> str:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "Parameters": {"JobName": job, "Arguments": {"--day.$": "$.day"}},
        "End": True,
        **state,
    }
    return json.dumps({"StartAt": "Run", "States": {"Run": task, "Sorry": {"Type": "Pass", "End": True}}})


def post(server: Server, path: str, **body: Any) -> Any:
    request = urllib.request.Request(
        f"{server.endpoint}/_glue_local/{path}",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {server.private.bearer}"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response) if response.status == 200 else None


@contextmanager
def worker_that_ends_runs(server: Server, **outcome: Any) -> Iterator[list[dict[str, Any]]]:
    """Claim one run after the other and finish it at once with ``outcome``; yields what was claimed."""
    claimed: list[dict[str, Any]] = []
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            claim = post(server, "runs/claim", worker="test", commands=["glueetl"], wait=0.2)
            if claim:
                claimed.append(claim)
                run = f"runs/{claim['run']['Id']}"
                post(server, f"{run}/started", claim=claim["claim"])
                post(server, f"{run}/finished", claim=claim["claim"], **outcome)

    thread = threading.Thread(target=work)
    thread.start()
    yield claimed
    stop.set()
    thread.join()


def execute(aws: Aws, name: str, definition: str, account: str = "000000000000") -> dict[str, Any]:
    states = aws("stepfunctions", account)
    # Its role is of its own account: AWS lets nobody pass another's.
    role = f"arn:aws:iam::{account}:role/machine"
    arn = states.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=arn, input='{"day": "monday"}')["executionArn"]
    for _ in range(200):
        answer = states.describe_execution(executionArn=execution)
        if answer["status"] != "RUNNING":
            return {**answer, "events": states.get_execution_history(executionArn=execution)["events"]}
        time.sleep(0.1)
    raise AssertionError("the execution does not end")


@pytest.fixture
def job(aws: Aws) -> Iterator[str]:
    glue = aws("glue")
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    glue.create_job(Name="a-job", Role=ROLE, Command=command, ExecutionProperty={"MaxConcurrentRuns": 2})
    yield "a-job"
    glue.delete_job(JobName="a-job")


def test_a_sync_task_waits_and_returns_the_job_run(endpoint: Server, aws: Aws, job: str) -> None:
    with worker_that_ends_runs(endpoint, state="SUCCEEDED", execution_time=7) as claimed:
        execution = execute(aws, "succeeds", machine(job))
    assert execution["status"] == "SUCCEEDED"
    run = json.loads(execution["output"])
    assert (run["JobName"], run["JobRunState"], run["ExecutionTime"]) == (job, "SUCCEEDED", 7)
    assert run["StartedOn"] > 1_700_000_000_000, "times in a state's output are epoch milliseconds"
    assert claimed[0]["arguments"]["--day"] == "monday"
    assert [event["type"] for event in execution["events"]][2:6] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
    ]


def test_a_failed_run_fails_its_task_with_the_run_as_cause(endpoint: Server, aws: Aws, job: str) -> None:
    with worker_that_ends_runs(endpoint, state="FAILED", error_message="ValueError: no", execution_time=1):
        execution = execute(aws, "fails", machine(job))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    assert json.loads(execution["cause"])["ErrorMessage"] == "ValueError: no"


def test_retry_and_catch_see_the_failure(endpoint: Server, aws: Aws, job: str) -> None:
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]
    with worker_that_ends_runs(endpoint, state="FAILED", error_message="no", execution_time=1) as claimed:
        execution = execute(aws, "caught", machine(job, Retry=retry, Catch=catch))
    assert execution["status"] == "SUCCEEDED"
    assert len(claimed) == 2


def test_a_refusal_of_glue_is_the_tasks_error(aws: Aws) -> None:
    execution = execute(aws, "unknown-job", machine("nobody"))
    assert (execution["status"], execution["error"]) == ("FAILED", "Glue.EntityNotFoundException")


def test_a_run_belongs_to_the_account_of_its_state_machine(endpoint: Server, aws: Aws) -> None:
    glue = aws("glue", "111122223333")
    glue.create_job(Name="theirs", Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"})
    with worker_that_ends_runs(endpoint, state="SUCCEEDED", execution_time=1) as claimed:
        execution = execute(aws, "theirs", machine("theirs"), "111122223333")
    assert execution["status"] == "SUCCEEDED"
    assert claimed[0]["account"] == "111122223333"


def test_executions_without_a_name_get_one_each(aws: Aws) -> None:
    states = {"Tell": {"Type": "Pass", "Parameters": {"name.$": "$$.Execution.Name"}, "End": True}}
    arn = aws("stepfunctions").create_state_machine(
        name="unnamed", roleArn=ROLE, definition=json.dumps({"StartAt": "Tell", "States": states})
    )["stateMachineArn"]
    started = [aws("stepfunctions").start_execution(stateMachineArn=arn)["executionArn"] for _ in range(2)]
    assert len(set(started)) == 2
    for execution in started:
        end = time.monotonic() + 10
        while (described := aws("stepfunctions").describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < end
            time.sleep(0.05)
        assert json.loads(described["output"]) == {"name": execution.rsplit(":", 1)[1]}
