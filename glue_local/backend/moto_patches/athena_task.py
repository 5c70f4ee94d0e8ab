"""Athena tasks of Step Functions, added to moto's service tasks; imported for the first definition that has one.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

_START = "startQueryExecution"
_PARAMETERS = {
    _START: {
        "ClientRequestToken",
        "ExecutionParameters",
        "QueryExecutionContext",
        "QueryString",
        "ResultConfiguration",
        "ResultReuseConfiguration",
        "WorkGroup",
    },
    "stopQueryExecution": {"QueryExecutionId"},
    "getQueryExecution": {"QueryExecutionId"},
    "getQueryResults": {"QueryExecutionId", "MaxResults", "NextToken", "QueryResultType"},
}
_FAILED = ("FAILED", "CANCELLED")


class AthenaTask(StateTaskServiceCallback):  # type: ignore[misc]
    """Calls Athena; ``startQueryExecution.sync`` waits until the query ends."""

    def __init__(self) -> None:
        super().__init__(supported_integration_patterns={ResourceCondition.Sync})

    def from_state_props(self, state_props: Any) -> None:
        super().from_state_props(state_props)
        if self.resource.condition not in self._patterns():
            raise ValueError(f"The resource provided {self.resource.resource_arn} is not recognized.")

    def _patterns(self) -> tuple[str | None, ...]:
        return (None, ResourceCondition.Sync) if self.resource.api_action == _START else (None,)

    def _get_supported_parameters(self) -> set[str] | None:
        return _PARAMETERS.get(self.resource.api_action)

    def _eval_service_task(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
    ) -> None:
        call = getattr(_client(resource_runtime_part, state_credentials), self._get_boto_service_action())
        env.stack.append(_as_json(call(**normalised_parameters)))

    def _eval_integration_pattern(
        self, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
    ) -> None:
        """Wait for the query, and stop it if the state ends first.

        https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
        """
        athena = _client(resource_runtime_part, state_credentials)
        started = env.stack.pop()["QueryExecutionId"]
        ended = self._eval_sync(
            env=env,
            sync_resolver=lambda: self._ended(env, athena, started),
            timeout_seconds=None,
            callback_endpoint=None,
            heartbeat_endpoint=None,
        )
        if ended is None:
            athena.stop_query_execution(QueryExecutionId=started)
            ended = _query(athena, started)
        env.stack.append(ended)

    def _ended(self, env: Any, athena: Any, query_id: str) -> dict[str, Any] | None:
        """Return GetQueryExecution's response if the query succeeded; None while it runs."""
        answer = _query(athena, query_id)
        state = answer["QueryExecution"]["Status"]["State"]
        if state in _FAILED:
            failed = StatesErrorNameType.StatesTaskFailed
            error = StatesErrorName(typ=failed)
            raise FailureEventException(self._failure(env, error, failed.to_name(), to_json_str(answer)))
        return answer if state == "SUCCEEDED" else None

    def _from_error(self, env: Any, ex: Exception) -> Any:
        if not isinstance(ex, ClientError):
            return super()._from_error(env=env, ex=ex)
        name = _error_name(ex)
        return self._failure(env, CustomErrorName(name), name, ex.response["Error"]["Message"])

    def _failure(self, env: Any, error: Any, name: str, cause: str) -> Any:
        told = TaskFailedEventDetails(
            error=name, cause=cause, resource=self._get_sfn_resource(), resourceType=self._get_sfn_resource_type()
        )
        return FailureEvent(
            env=env,
            error_name=error,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=told),
        )


def _client(resource_runtime_part: Any, state_credentials: Any) -> Any:
    # Looked up at each call: a patch makes it act in the state machine's account.
    make: Callable[..., Any] = boto_client.boto_client_for
    return make(service="athena", region=resource_runtime_part.region, state_credentials=state_credentials)


def _query(athena: Any, query_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = _as_json(athena.get_query_execution(QueryExecutionId=query_id))
    return answer


def _error_name(error: ClientError) -> str:
    """Return an error's name for Catch: the one in Athena's model, or the SDK's base exception for other errors."""
    # boto3 raises an error of the model as its own class.
    modelled = type(error) is not ClientError
    return f"Athena.{error.response['Error']['Code']}" if modelled else "Athena.AmazonAthenaException"


def _as_json(value: Any) -> Any:
    """Return a response as state output: without ResponseMetadata, times in epoch milliseconds."""
    if isinstance(value, dict):
        return {key: _as_json(member) for key, member in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [_as_json(member) for member in value]
    return int(value.timestamp() * 1000) if isinstance(value, datetime) else value
