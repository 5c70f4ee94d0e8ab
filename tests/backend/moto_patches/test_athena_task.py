"""Step Functions executions that run Athena queries, with a query worker simulated by the test and on the real engine."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from glue_local.server import Server
from tests.backend.moto_patches.test_stepfunctions import create, ended, execute, post, types
from tests.query.asking import asking
from tests.query.test_run import ENDLESS

Aws = Callable[..., Any]
ATHENA = "arn:aws:states:::athena"
SYNC = f"{ATHENA}:startQueryExecution.sync"
QUERY = {"QueryString": "select 1 as one", "ResultConfiguration": {"OutputLocation": "s3://results/"}}


def machine(resource: str = SYNC, parameters: dict[str, Any] | None = None, **state: Any) -> str:
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters or QUERY, "End": True, **state}
    sorry = {"Sorry": {"Type": "Pass", "End": True}} if "Catch" in state else {}
    return json.dumps({"StartAt": "Ask", "States": {"Ask": task, **sorry}})


def start(aws: Aws, name: str, definition: str) -> str:
    arn = create(aws, name, definition)
    return str(aws("stepfunctions").start_execution(stateMachineArn=arn)["executionArn"])


def claimed(server: Server) -> tuple[str, str]:
    """Claim and start the next query; return its path and claim."""
    claim = post(server, "queries/claim", worker="test", wait=10)
    path = f"queries/{claim['query']['QueryExecutionId']}"
    post(server, f"{path}/started", claim=claim["claim"], kind="DML", substatement="SELECT")
    return path, claim["claim"]


def await_stop(server: Server, path: str, claim: str) -> None:
    """Wait until the server asks the worker to stop the query, and stop it."""
    end = time.monotonic() + 20
    while not post(server, f"{path}/heartbeat", claim=claim)["stop"]:
        assert time.monotonic() < end, "the query is not stopped"
        time.sleep(0.05)
    post(server, f"{path}/finished", claim=claim, state="CANCELLED")


def test_a_sync_task_waits_and_returns_the_query(endpoint: Server, aws: Aws) -> None:
    execution = start(aws, "asks", machine())
    path, claim = claimed(endpoint)
    assert aws("stepfunctions").describe_execution(executionArn=execution)["status"] == "RUNNING"
    post(endpoint, f"{path}/finished", claim=claim, state="SUCCEEDED", result={})
    done = ended(aws, execution)
    assert done["status"] == "SUCCEEDED"
    query = json.loads(done["output"])["QueryExecution"]
    assert (query["Query"], query["Status"]["State"]) == ("select 1 as one", "SUCCEEDED")
    assert query["Status"]["CompletionDateTime"] > 1_700_000_000_000, "times in a state's output are epoch milliseconds"
    assert types(done)[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_an_unsuccessful_query_fails_its_task_with_the_query_as_cause(endpoint: Server, aws: Aws, state: str) -> None:
    execution = start(aws, f"ends-{state}", machine())
    path, claim = claimed(endpoint)
    post(endpoint, f"{path}/finished", claim=claim, state=state, reason="line 1:8: no")
    done = ended(aws, execution)
    assert (done["status"], done["error"]) == ("FAILED", "States.TaskFailed")
    status = json.loads(done["cause"])["QueryExecution"]["Status"]
    assert (status["State"], status["StateChangeReason"]) == (state, "line 1:8: no")


def test_an_error_of_athena_is_the_tasks_error(aws: Aws) -> None:
    done = execute(aws, "no-group", machine(parameters={**QUERY, "WorkGroup": "nobodys"}))
    assert (done["status"], done["error"]) == ("FAILED", "Athena.InvalidRequestException")
    assert "nobodys" in done["cause"]


def test_an_error_outside_athenas_model_has_the_sdks_name(aws: Aws) -> None:
    done = execute(aws, "no-text", machine(parameters={"QueryString": {"not": "a text"}}))
    assert (done["status"], done["error"]) == ("FAILED", "Athena.AmazonAthenaException")


def test_a_stopped_execution_cancels_its_query(endpoint: Server, aws: Aws) -> None:
    execution = start(aws, "stopped-query", machine())
    path, claim = claimed(endpoint)
    aws("stepfunctions").stop_execution(executionArn=execution)
    await_stop(endpoint, path, claim)
    stopped = ended(aws, execution)
    assert (stopped["status"], types(stopped)[-2:]) == ("ABORTED", ["TaskSubmitted", "ExecutionAborted"])


def test_a_task_that_times_out_cancels_its_query(endpoint: Server, aws: Aws) -> None:
    catch = [{"ErrorEquals": ["States.Timeout"], "Next": "Sorry"}]
    execution = start(aws, "late-query", machine(TimeoutSeconds=1, Catch=catch))
    await_stop(endpoint, *claimed(endpoint))
    done = ended(aws, execution)
    assert done["status"] == "SUCCEEDED"
    assert "TaskSucceeded" not in types(done)


def test_a_query_is_started_read_and_stopped_without_sync(aws: Aws) -> None:
    started = json.loads(execute(aws, "starts", machine(f"{ATHENA}:startQueryExecution"))["output"])
    assert list(started) == ["QueryExecutionId"]
    looked = json.loads(execute(aws, "looks", machine(f"{ATHENA}:getQueryExecution", started))["output"])
    assert looked["QueryExecution"]["Status"]["State"] == "QUEUED"
    assert execute(aws, "stops", machine(f"{ATHENA}:stopQueryExecution", started))["output"] == "{}"
    query = aws("athena").get_query_execution(**started)["QueryExecution"]
    assert query["Status"]["State"] == "CANCELLED"


@pytest.mark.parametrize(
    "resource", ["startQueryExecution.waitForTaskToken", "stopQueryExecution.sync", "listQueryExecutions"]
)
def test_an_unsupported_integration_is_refused_with_the_definition(aws: Aws, resource: str) -> None:
    states = aws("stepfunctions")
    with pytest.raises(states.exceptions.InvalidDefinition, match=resource):
        create(aws, "refused", machine(f"{ATHENA}:{resource}"))


def test_the_text_of_a_query_can_be_an_object(aws: Aws) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="query-texts")
    s3.put_object(Bucket="query-texts", Key="a.sql", Body=b"select '\xe2\x82\xac'")
    named = {"Bucket": "query-texts", "Key": "a.sql"}
    done = execute(aws, "reads", machine("arn:aws:states:::aws-sdk:s3:getObject", named))
    assert json.loads(done["output"])["Body"] == "select '\u20ac'"


@pytest.mark.engine
def test_the_rows_of_a_query_are_state_output(athena_aws: Aws) -> None:
    ask = asking(athena_aws)
    ask.succeed("select 1")  # starts the engine
    query = {
        "QueryString": "select ? as name",
        "ExecutionParameters": ["'a'"],
        "ResultConfiguration": {"OutputLocation": f"s3://{ask.bucket}/results/"},
    }
    run = {"Type": "Task", "Resource": SYNC, "Parameters": query, "Next": "Read"}
    chosen = {"QueryExecutionId.$": "$.QueryExecution.QueryExecutionId"}
    read = {"Type": "Task", "Resource": f"{ATHENA}:getQueryResults", "Parameters": chosen, "End": True}
    done = execute(athena_aws, ask.database, json.dumps({"StartAt": "Run", "States": {"Run": run, "Read": read}}))
    assert done["status"] == "SUCCEEDED", done.get("cause")
    rows = json.loads(done["output"])["ResultSet"]["Rows"]
    assert rows == [{"Data": [{"VarCharValue": "name"}]}, {"Data": [{"VarCharValue": "a"}]}]


@pytest.mark.engine
def test_a_stopped_execution_cancels_the_query_in_the_engine(athena_aws: Aws) -> None:
    ask = asking(athena_aws)
    query = {"QueryString": ENDLESS, "ResultConfiguration": {"OutputLocation": f"s3://{ask.bucket}/results/"}}
    execution = start(athena_aws, ask.database, machine(parameters=query))
    end = time.monotonic() + 120
    while not (found := [each for each in queries(athena_aws) if each["Query"] == ENDLESS and running(each)]):
        assert time.monotonic() < end
        time.sleep(0.1)
    athena_aws("stepfunctions").stop_execution(executionArn=execution)
    assert ask.wait(found[0]["QueryExecutionId"])["Status"]["State"] == "CANCELLED"
    assert ended(athena_aws, execution)["status"] == "ABORTED"


def queries(aws: Aws) -> list[dict[str, Any]]:
    found = aws("athena").list_query_executions(MaxResults=20)["QueryExecutionIds"]
    return list(aws("athena").batch_get_query_execution(QueryExecutionIds=found)["QueryExecutions"]) if found else []


def running(query: dict[str, Any]) -> bool:
    return bool(query["Status"]["State"] == "RUNNING")
