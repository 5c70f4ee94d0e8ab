"""Step Functions executions that start Glue runs and wait for them, with a worker simulated by the test."""

import json
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

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
    sorry = {"Sorry": {"Type": "Pass", "End": True}} if "Catch" in state else {}
    return json.dumps({"StartAt": "Run", "States": {"Run": task, **sorry}})


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
    """Claim runs and finish each immediately with ``outcome``; yields the claimed runs."""
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


@contextmanager
def runs_that_last(server: Server, failing: str = "") -> Iterator[None]:
    """Claim runs and never finish them, except those of the job ``failing``, which fail immediately."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            claim = post(server, "runs/claim", worker="test", commands=["glueetl"], wait=0.2)
            if claim:
                run = f"runs/{claim['run']['Id']}"
                post(server, f"{run}/started", claim=claim["claim"])
                if claim["job"]["Name"] == failing:
                    post(server, f"{run}/finished", claim=claim["claim"], state="FAILED", error_message="no")

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


def create(aws: Aws, name: str, definition: str, account: str = "000000000000") -> str:
    # The role is in the same account: AWS does not allow passing a role of another account.
    role = f"arn:aws:iam::{account}:role/machine"
    machine = aws("stepfunctions", account).create_state_machine(name=name, definition=definition, roleArn=role)
    return str(machine["stateMachineArn"])


def await_state(aws: Aws, job: str, state: str) -> None:
    end = time.monotonic() + 10
    while (found := [run["JobRunState"] for run in aws("glue").get_job_runs(JobName=job)["JobRuns"]]) != [state]:
        assert time.monotonic() < end, f"{found}, wanted one run that is {state}"
        time.sleep(0.05)


def types(execution: dict[str, Any]) -> list[str]:
    return [event["type"] for event in execution["events"]]


def execute(aws: Aws, name: str, definition: str, account: str = "000000000000") -> dict[str, Any]:
    states = aws("stepfunctions", account)
    arn = create(aws, name, definition, account)
    execution = states.start_execution(stateMachineArn=arn, input='{"day": "monday"}')["executionArn"]
    return ended(aws, execution, account)


def ended(aws: Aws, execution: str, account: str = "000000000000") -> dict[str, Any]:
    states = aws("stepfunctions", account)
    for _ in range(200):
        answer = states.describe_execution(executionArn=execution)
        if answer["status"] != "RUNNING":
            return {**answer, "events": states.get_execution_history(executionArn=execution)["events"]}
        time.sleep(0.1)
    raise AssertionError("the execution does not end")


COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}


@pytest.fixture
def job(aws: Aws) -> Iterator[str]:
    glue = aws("glue")
    glue.create_job(Name="a-job", Role=ROLE, Command=COMMAND, ExecutionProperty={"MaxConcurrentRuns": 2})
    yield "a-job"
    glue.delete_job(JobName="a-job")


@pytest.fixture
def own_job(aws: Aws, request: pytest.FixtureRequest) -> str:
    """A job without runs of other tests."""
    name = str(request.node.name)
    aws("glue").create_job(Name=name, Role=ROLE, Command=COMMAND)
    return name


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


@pytest.mark.parametrize("text", ["x" * 300_000, "\u20ac\n" * 9_000], ids=["plain", "escaped"])
def test_the_cause_of_a_run_with_a_long_message_is_valid_json(
    endpoint: Server, aws: Aws, own_job: str, text: str
) -> None:
    with worker_that_ends_runs(endpoint, state="FAILED", error_message=text):
        execution = execute(aws, own_job.replace("[", "-").rstrip("]"), machine(own_job))
    assert len(execution["cause"]) <= 32768
    assert json.loads(execution["cause"])["ErrorMessage"].startswith(text[:4000])


def test_error_and_cause_are_truncated_to_awss_limits(aws: Aws) -> None:
    fail = {"Type": "Fail", "Error": "E" * 300, "Cause": "c" * 40_000}
    execution = execute(aws, "long-cause", json.dumps({"StartAt": "No", "States": {"No": fail}}))
    assert (len(execution["error"]), len(execution["cause"])) == (256, 32768)
    details = execution["events"][-1]["executionFailedEventDetails"]
    assert (details["error"], details["cause"]) == (execution["error"], execution["cause"])


def test_catch_receives_the_truncated_cause(aws: Aws) -> None:
    broken = {
        "Type": "Parallel",
        "Branches": [{"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "E", "Cause": "c" * 40_000}}}],
        "Catch": [{"ErrorEquals": ["E"], "Next": "Caught"}],
        "End": True,
    }
    states = {"Try": broken, "Caught": {"Type": "Pass", "End": True}}
    execution = execute(aws, "caught-long", json.dumps({"StartAt": "Try", "States": states}))
    assert json.loads(execution["output"]) == {"Error": "E", "Cause": "c" * 32768}


def test_retry_and_catch_see_the_failure(endpoint: Server, aws: Aws, job: str) -> None:
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]
    with worker_that_ends_runs(endpoint, state="FAILED", error_message="no", execution_time=1) as claimed:
        execution = execute(aws, "caught", machine(job, Retry=retry, Catch=catch))
    assert execution["status"] == "SUCCEEDED"
    assert len(claimed) == 2


def test_an_error_of_glue_is_the_tasks_error(aws: Aws) -> None:
    execution = execute(aws, "unknown-job", machine("nobody"))
    assert (execution["status"], execution["error"]) == ("FAILED", "Glue.EntityNotFoundException")


def test_a_run_belongs_to_the_account_of_its_state_machine(endpoint: Server, aws: Aws) -> None:
    glue = aws("glue", "111122223333")
    glue.create_job(Name="theirs", Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"})
    with worker_that_ends_runs(endpoint, state="SUCCEEDED", execution_time=1) as claimed:
        execution = execute(aws, "theirs", machine("theirs"), "111122223333")
    assert execution["status"] == "SUCCEEDED"
    assert claimed[0]["account"] == "111122223333"


def test_executions_without_a_name_get_unique_names(aws: Aws) -> None:
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


def test_the_start_of_an_execution_is_text(aws: Aws) -> None:
    told = {"plain.$": "$$.Execution.StartTime", "formatted.$": "States.Format('{}', $$.Execution.StartTime)"}
    states = {"Tell": {"Type": "Pass", "Parameters": told, "End": True}}
    output = json.loads(execute(aws, "started", json.dumps({"StartAt": "Tell", "States": states}))["output"])
    assert output["plain"] == output["formatted"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", output["plain"])


def test_a_stopped_execution_stops_the_run_it_waits_for(endpoint: Server, aws: Aws, own_job: str) -> None:
    arn = create(aws, "stopped", machine(own_job))
    with runs_that_last(endpoint):
        states = aws("stepfunctions")
        execution = states.start_execution(stateMachineArn=arn, input='{"day": "monday"}')["executionArn"]
        await_state(aws, own_job, "RUNNING")
        answer = states.stop_execution(executionArn=execution, error="Enough", cause="lunch")
        stopped = ended(aws, execution)
        await_state(aws, own_job, "STOPPING")
    assert "stopDate" in answer
    assert (stopped["status"], stopped["error"], stopped["cause"]) == ("ABORTED", "Enough", "lunch")
    assert types(stopped)[-2:] == ["TaskSubmitted", "ExecutionAborted"]
    assert stopped["events"][-1]["executionAbortedEventDetails"] == {"error": "Enough", "cause": "lunch"}


def test_an_execution_is_stopped_before_it_has_started(aws: Aws) -> None:
    wait = {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}
    arn = create(aws, "stopped-at-once", json.dumps({"StartAt": "Wait", "States": wait}))
    execution = aws("stepfunctions").start_execution(stateMachineArn=arn)["executionArn"]
    aws("stepfunctions").stop_execution(executionArn=execution)
    assert ended(aws, execution)["status"] == "ABORTED"


def test_a_task_that_times_out_stops_its_run(endpoint: Server, aws: Aws, own_job: str) -> None:
    catch = [{"ErrorEquals": ["States.Timeout"], "Next": "Sorry"}]
    with runs_that_last(endpoint):
        execution = execute(aws, "times-out", machine(own_job, TimeoutSeconds=1, Catch=catch))
        await_state(aws, own_job, "STOPPING")
    assert execution["status"] == "SUCCEEDED"
    assert "TaskSucceeded" not in types(execution)


def test_a_failing_branch_fails_parallel_with_its_error_name_and_stops_the_others(
    endpoint: Server, aws: Aws, job: str, own_job: str
) -> None:
    # State names are unique in the whole state machine, including branches.
    branches = [json.loads(machine(name).replace('"Run"', f'"Run {name}"')) for name in (job, own_job)]
    parallel = {"Type": "Parallel", "Branches": branches, "End": True}
    catch = [{"ErrorEquals": ["States.TaskFailed"], "Next": "Sorry"}]
    definition = {"StartAt": "Both", "States": {"Both": {**parallel, "Catch": catch}, "Sorry": {"Type": "Succeed"}}}
    with runs_that_last(endpoint, failing=job):
        execution = execute(aws, "parallel", json.dumps(definition))
        await_state(aws, own_job, "STOPPING")
    assert execution["status"] == "SUCCEEDED"
    assert json.loads(execution["output"])["Error"] == "States.TaskFailed"


def test_a_failing_iteration_fails_map_with_its_error_name(endpoint: Server, aws: Aws, job: str) -> None:
    each = {"Type": "Map", "ItemsPath": "$.days", "ItemProcessor": json.loads(machine(job)), "End": True}
    days = {"Days": {"Type": "Pass", "Result": {"days": [{"day": "monday"}]}, "Next": "Each"}, "Each": each}
    with worker_that_ends_runs(endpoint, state="FAILED", error_message="no"):
        execution = execute(aws, "map", json.dumps({"StartAt": "Days", "States": days}))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")


def test_a_machine_can_be_written_in_jsonata(endpoint: Server, aws: Aws, job: str) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::glue:startJobRun.sync",
        "Arguments": {"JobName": job, "Arguments": {"--day": "{% $uppercase($states.input.day) %}"}},
        "Output": {"state": "{% $states.result.JobRunState %}", "list": "{% [1..3] %}"},
        "End": True,
    }
    with worker_that_ends_runs(endpoint, state="SUCCEEDED") as claimed:
        definition = {"QueryLanguage": "JSONata", "StartAt": "Run", "States": {"Run": task}}
        execution = execute(aws, "jsonata", json.dumps(definition))
    assert json.loads(execution["output"]) == {"state": "SUCCEEDED", "list": [1, 2, 3]}
    assert claimed[0]["arguments"]["--day"] == "MONDAY"


def test_a_machine_starts_another_and_waits(aws: Aws) -> None:
    account = "111122223333"
    inner = create(aws, "inner", json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}), account)
    parameters = {"StateMachineArn": inner, "Input": {"by.$": "$$.Execution.Id"}}
    resource = "arn:aws:states:::states:startExecution.sync:2"
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    execution = execute(aws, "outer", json.dumps({"StartAt": "A", "States": {"A": task}}), account)
    output = json.loads(execution["output"])
    assert (output["Status"], output["Output"]) == ("SUCCEEDED", {"by": execution["executionArn"]})


def test_an_sdk_task_acts_in_its_account_and_returns_json(aws: Aws, own_job: str) -> None:
    def get_job(account: str) -> dict[str, Any]:
        task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getJob", "Parameters": {"JobName": own_job}}
        definition = json.dumps({"StartAt": "A", "States": {"A": {**task, "End": True}}})
        return execute(aws, "get-job", definition, account)

    job = json.loads(get_job("000000000000")["output"])["Job"]
    assert job["CreatedOn"].endswith("Z")
    assert get_job("444455556666")["error"] == "Glue.EntityNotFoundException"


def test_an_invalid_definition_and_input_have_awss_error_codes(aws: Aws) -> None:
    states = aws("stepfunctions")
    with pytest.raises(states.exceptions.InvalidDefinition):
        create(aws, "bad", '{"StartAt": "A"}')
    # On AWS, Glue supports .sync but not callbacks.
    with pytest.raises(states.exceptions.InvalidDefinition, match="startJobRun.waitForTaskToken is not recognized"):
        create(aws, "callback", machine(Resource="arn:aws:states:::glue:startJobRun.waitForTaskToken"))
    arn = create(aws, "good", json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}))
    with pytest.raises(states.exceptions.InvalidExecutionInput):
        states.start_execution(stateMachineArn=arn, input="{")


def test_a_valid_definition_is_accepted(aws: Aws) -> None:
    answer = aws("stepfunctions").validate_state_machine_definition(definition=machine())
    assert (answer["result"], answer["diagnostics"], answer["truncated"]) == ("OK", [], False)


def test_an_invalid_definition_is_reported_by_code_and_location_and_not_created(aws: Aws) -> None:
    states = {"A": {"Type": "Pass", "Next": "Gone"}, "B": {"Type": "Wait", "End": True}}
    definition = json.dumps({"StartAt": "A", "States": states})
    sfn = aws("stepfunctions")
    answer = sfn.validate_state_machine_definition(definition=definition, maxResults=2)
    assert (answer["result"], answer["truncated"]) == ("FAIL", True)
    assert [(each["severity"], each["code"], each["location"]) for each in answer["diagnostics"]] == [
        ("ERROR", "MISSING_TRANSITION_TARGET", "/States/A/Next"),
        ("ERROR", "SCHEMA_VALIDATION_FAILED", "/States/B"),
    ]
    with pytest.raises(sfn.exceptions.InvalidDefinition, match="Missing 'Next' target: Gone"):
        sfn.create_state_machine(name="unsound", definition=definition, roleArn=ROLE)


def test_definitions_that_only_the_interpreter_refuses_fail_validation(aws: Aws) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.waitForTaskToken", "End": True}
    definition = json.dumps({"StartAt": "A", "States": {"A": task}})
    answer = aws("stepfunctions").validate_state_machine_definition(definition=definition)
    assert answer["result"] == "FAIL"
    assert answer["diagnostics"][0]["code"] == "SCHEMA_VALIDATION_FAILED"


def test_the_executions_of_a_map_run_are_not_listed(aws: Aws) -> None:
    with pytest.raises(ClientError, match="Map Run") as refusal:
        aws("stepfunctions").list_executions(mapRunArn="arn:aws:states:us-east-1:000000000000:mapRun:m/x:1")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
