"""What moto's Step Functions interpreter lacks to run executions as AWS does: small named patches, until moto has them."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from typing import Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random

from glue_local.backend.state_tasks import teach_tasks

_LONGEST_BEGIN = 5.0  # seconds
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskFailedEventDetails.html
_LONGEST = {"error": 256, "cause": 32768}


@cache
def teach_state_machines() -> None:
    """Patch the interpreter, once, when the first state machine request comes (importing it takes a second)."""
    from moto.stepfunctions.parser import api  # noqa: PLC0415 - see above
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (  # noqa: PLC0415
        FailureEvent,
        FailureEventException,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (  # noqa: PLC0415
        StatesErrorName,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.eval import environment, program_state  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.jsonata import jsonata  # noqa: PLC0415
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend  # noqa: PLC0415
    from moto.stepfunctions.responses import StepFunctionResponse  # noqa: PLC0415

    StepFunctionsParserBackend.start_execution = _named(StepFunctionsParserBackend.start_execution)
    StepFunctionResponse.stop_execution = _stop_execution
    ended = (program_state.ProgramStopped, program_state.ProgramTimedOut)
    environment.Environment.set_error = _unless(ended, environment.Environment.set_error)
    FailureEvent.__init__ = _bounded(FailureEvent.__init__)
    FailureEventException.get_execution_failed_event_details = _bounded_details(
        FailureEventException.get_execution_failed_event_details
    )
    jsonata._eval_jsonata = _evaluated
    branches_decl.CustomErrorName = _error_name(branches_decl.CustomErrorName, StatesErrorName.from_name)
    iteration_worker.CustomErrorName = _error_name(iteration_worker.CustomErrorName, StatesErrorName.from_name)
    # moto 5.2.5 answers these without their code: an InvalidDefinition that no client can catch.
    for error in (api.InvalidDefinition, api.InvalidExecutionInput, api.MissingRequiredParameter):
        error.TYPE = error.code
    teach_tasks()


def _named(start_execution: Callable[..., Any]) -> Callable[..., Any]:
    """Name an execution that was started without one.

    moto 5.2.5 leaves the name None: all such executions share one ARN, and ``$$.Execution.Name`` is null. AWS names
    them by a UUID: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    def start(self: Any, arn: str, name: str | None = None, *rest: Any, **more: Any) -> Any:
        return start_execution(self, arn, name or str(mock_random.uuid4()), *rest, **more)

    return start


def _stop_execution(self: Any) -> Any:
    """Stop an execution with the error and cause of the request, and answer when.

    moto 5.2.5 drops both, answers no ``stopDate``, and loses the stop of an execution whose thread has not begun.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
    """
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    stopped = datetime.now(timezone.utc)
    _await_begin(execution)
    if execution.status == "RUNNING":
        execution.error, execution.cause = self._get_param("error"), self._get_param("cause")
        execution.stop(stop_date=stopped, error=execution.error, cause=execution.cause)
    return ActionResult({"stopDate": execution.stop_date or stopped})


def _await_begin(execution: Any) -> None:
    end = time.monotonic() + _LONGEST_BEGIN
    while execution.status == "RUNNING" and time.monotonic() < end:
        environment = execution.exec_worker.env
        if environment is not None and environment.program_state() is not None:
            return
        time.sleep(0.01)


def _unless(states: tuple[type, ...], set_error: Callable[..., None]) -> Callable[..., None]:
    """Keep an execution that was stopped or timed out so, whatever its last task still ends with."""

    def set_error_unless(self: Any, error: Any) -> None:
        if not isinstance(self._program_state, states):
            set_error(self, error)

    return set_error_unless


def _bounded(make: Callable[..., None]) -> Callable[..., None]:
    """Keep a failure's error and cause to AWS's lengths, where they arise; moto 5.2.5 knows none.

    What Catch hands on, the history and DescribeExecution all take them from here.
    """

    def make_bounded(self: Any, *rest: Any, **more: Any) -> None:
        make(self, *rest, **more)
        for details in (self.event_details or {}).values():
            _bound(details)

    return make_bounded


def _bounded_details(details_of: Callable[..., Any]) -> Callable[..., Any]:
    # Here moto puts the state's name before some causes.
    return lambda self: _bound(details_of(self))


def _bound(details: Any) -> Any:
    for member, length in _LONGEST.items():
        if details and isinstance(details.get(member), str):
            details[member] = details[member][:length]
    return details


def _evaluated(expression: str) -> Any:
    """Return the value of a JSONata expression.

    moto 5.2.5 has the whole query language but its evaluator, which LocalStack runs on a JVM ("'NoneType' object is not
    callable").
    """
    from jsonata import Jsonata  # noqa: PLC0415 - a machine in JSONPath, like all older ones, has no need of it

    # Through text, for its lists are classes of its own.
    return json.loads(json.dumps(Jsonata(expression).evaluate(None)))


def _error_name(custom: Callable[..., Any], from_name: Callable[[str], Any]) -> Callable[..., Any]:
    """Let a branch of Parallel, or an iteration of Map, fail with a name of AWS's own, such as States.TaskFailed.

    moto 5.2.5 takes the name for one of the user's, refuses it, and fails the execution with a States.Runtime of its
    own ("Custom Error Names MUST NOT begin with the prefix 'States.'") that no Catch can catch.
    """

    def of(error_name: str | None) -> Any:
        if error_name is not None and error_name.startswith("States."):
            return from_name(error_name)
        return custom(error_name=error_name)

    return of
