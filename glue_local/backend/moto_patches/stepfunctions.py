"""Patches of moto's Step Functions interpreter for executions, until moto behaves like AWS."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random

from glue_local.backend.moto_patches.patch import Patch, attribute
from glue_local.backend.state_machine_definition import Diagnostic, diagnostics

_PARSER = "moto.stepfunctions.parser"
_API = f"{_PARSER}.api"
_ERROR_NAMES = f"{_PARSER}.asl.component.common.error_name"
_STATES = f"{_PARSER}.asl.component.state.exec"
_MOST_DIAGNOSTICS = 100
_LONGEST_BEGIN = 5.0  # seconds
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskFailedEventDetails.html
_LONGEST = {"error": 256, "cause": 32768}


def _named(start_execution: Callable[..., Any]) -> Callable[..., Any]:
    """Name an execution that was started without one.

    moto 5.2.5 leaves the name None: all such executions share one ARN, and ``$$.Execution.Name`` is null. AWS names
    them with a UUID: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    def start(self: Any, arn: str, name: str | None = None, *rest: Any, **more: Any) -> Any:
        return start_execution(self, arn, name or str(mock_random.uuid4()), *rest, **more)

    return start


def _stop_execution(self: Any) -> Any:
    """Stop an execution with the request's error and cause, and return ``stopDate``.

    moto 5.2.5 drops both, returns no ``stopDate``, and loses the stop of an execution whose thread has not started.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
    """
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    stopped = datetime.now(timezone.utc)
    _await_begin(execution)
    if execution.status == "RUNNING":
        execution.error, execution.cause = self._get_param("error"), self._get_param("cause")
        execution.stop(stop_date=stopped, error=execution.error, cause=execution.cause)
    return ActionResult({"stopDate": execution.stop_date or stopped})


def _sound_only(parse: Callable[..., None]) -> Any:
    """Refuse a definition with missing transition targets: moto 5.2.5 accepts it, and its executions fail."""
    error = attribute(f"{_API}:InvalidDefinition")

    def validate(definition: str) -> None:
        if found := diagnostics(definition):
            raise error(message=f"Invalid State Machine Definition: '{', '.join(map(str, found))}'")
        parse(definition)

    return staticmethod(validate)


def _validating(original: None) -> Callable[[Any], Any]:
    """Add ValidateStateMachineDefinition, which moto 5.2.5 does not have.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
    """

    refusal = attribute(f"{_API}:InvalidDefinition")

    def validate_state_machine_definition(self: Any) -> Any:
        definition, most = self._get_param("definition") or "", self._get_param("maxResults") or _MOST_DIAGNOSTICS
        found = diagnostics(definition)
        if not found:
            try:
                self.stepfunction_backend._validate_definition(definition)
            except refusal as error:
                found = [Diagnostic("SCHEMA_VALIDATION_FAILED", str(error), "")]
        told = [{"severity": "ERROR", **diagnostic._asdict()} for diagnostic in found[:most]]
        return ActionResult(
            {"result": "FAIL" if found else "OK", "diagnostics": told, "truncated": len(found) > len(told)}
        )

    return validate_state_machine_definition


def _await_begin(execution: Any) -> None:
    end = time.monotonic() + _LONGEST_BEGIN
    while execution.status == "RUNNING" and time.monotonic() < end:
        environment = execution.exec_worker.env
        if environment is not None and environment.program_state() is not None:
            return
        time.sleep(0.01)


def _unless_ended(set_error: Callable[..., None]) -> Callable[..., None]:
    """Keep a stopped or timed-out execution in its state when its last task ends."""
    ended = tuple(attribute(f"{_PARSER}.asl.eval.program_state:Program{how}") for how in ("Stopped", "TimedOut"))

    def set_error_unless(self: Any, error: Any) -> None:
        if not isinstance(self._program_state, ended):
            set_error(self, error)

    return set_error_unless


def _bounded(make: Callable[..., None]) -> Callable[..., None]:
    """Truncate a failure's error and cause to AWS's limits at their source; moto 5.2.5 has no limits.

    Catch, the history and DescribeExecution all use these values.
    """

    def make_bounded(self: Any, *rest: Any, **more: Any) -> None:
        make(self, *rest, **more)
        for details in (self.event_details or {}).values():
            _bound(details)

    return make_bounded


def _bounded_details(details_of: Callable[..., Any]) -> Callable[..., Any]:
    # moto prefixes some causes with the state's name here.
    return lambda self: _bound(details_of(self))


def _bound(details: Any) -> Any:
    for member, length in _LONGEST.items():
        if details and isinstance(details.get(member), str):
            details[member] = details[member][:length]
    return details


def _evaluated(expression: str) -> Any:
    """Return the value of a JSONata expression.

    moto 5.2.5 supports JSONata except its evaluator, which LocalStack runs on a JVM ("'NoneType' object is not
    callable").
    """
    from jsonata import Jsonata  # noqa: PLC0415 - state machines that use JSONPath, such as all older ones, do not need it

    # Converted through JSON text, because its lists are its own classes.
    return json.loads(json.dumps(Jsonata(expression).evaluate(None)))


def _with_start_time(execution_data: Callable[..., Any]) -> Callable[..., Any]:
    """Make ``$$.Execution.StartTime`` text, as on AWS; moto 5.2.5 makes it a datetime, and intrinsic functions fail.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """

    def made(**given: Any) -> Any:
        started = given["StartTime"].astimezone(timezone.utc).isoformat(timespec="milliseconds")
        return execution_data(**{**given, "StartTime": started.replace("+00:00", "Z")})

    return made


def _error_name(custom: Callable[..., Any]) -> Callable[..., Any]:
    """Let a branch of Parallel, or an iteration of Map, fail with a predefined error name, such as States.TaskFailed.

    moto 5.2.5 treats it as a custom error name, refuses it, and fails the execution with a States.Runtime
    ("Custom Error Names MUST NOT begin with the prefix 'States.'") that no Catch can catch.
    """

    from_name = attribute(f"{_ERROR_NAMES}.states_error_name:StatesErrorName.from_name")

    def of(error_name: str | None) -> Any:
        if error_name is not None and error_name.startswith("States."):
            return from_name(error_name)
        return custom(error_name=error_name)

    return of


def _of_a_machine(list_executions: Callable[..., Any]) -> Callable[..., Any]:
    def listed(self: Any) -> Any:
        if not self._get_param("stateMachineArn"):
            raise NotImplementedError("ListExecutions of a Map Run")
        return list_executions(self)

    return listed


PATCHES = (
    Patch(
        f"{_PARSER}.models:StepFunctionsParserBackend.start_execution",
        "executions started without a name share one ARN",
        _named,
    ),
    Patch(
        "moto.stepfunctions.responses:StepFunctionResponse.stop_execution",
        "StopExecution drops error and cause, returns no stopDate, and has no effect before the execution's thread starts",
        lambda original: _stop_execution,
    ),
    Patch(
        "moto.stepfunctions.responses:StepFunctionResponse.list_executions",
        "a list of a Map Run's executions fails",
        _of_a_machine,
    ),
    Patch(
        "moto.stepfunctions.responses:StepFunctionResponse.validate_state_machine_definition",
        "ValidateStateMachineDefinition is missing",
        _validating,
        adds=True,
    ),
    Patch(
        f"{_PARSER}.models:StepFunctionsParserBackend._validate_definition",
        "a definition with missing transition targets is accepted",
        _sound_only,
    ),
    Patch(
        f"{_PARSER}.asl.eval.environment:Environment.set_error",
        "the last task of a stopped execution changes its state to failed",
        _unless_ended,
    ),
    Patch(
        f"{_PARSER}.backend.execution_worker:ExecutionData",
        "an execution that formats its start time fails",
        _with_start_time,
    ),
    Patch(
        f"{_ERROR_NAMES}.failure_event:FailureEvent.__init__",
        "errors and causes exceed AWS's length limits",
        _bounded,
    ),
    Patch(
        f"{_ERROR_NAMES}.failure_event:FailureEventException.get_execution_failed_event_details",
        "causes of executions exceed AWS's length limit, because moto prefixes them with the state's name",
        _bounded_details,
    ),
    Patch(
        f"{_PARSER}.asl.jsonata.jsonata:_eval_jsonata",
        "the JSONata evaluator is missing",
        lambda original: _evaluated,
    ),
    Patch(
        f"{_STATES}.state_parallel.branches_decl:CustomErrorName",
        "a branch that fails with a predefined error name fails Parallel with States.Runtime",
        _error_name,
    ),
    Patch(
        f"{_STATES}.state_map.iteration.iteration_worker:CustomErrorName",
        "an iteration that fails with a predefined error name fails Map with States.Runtime",
        _error_name,
    ),
    Patch(
        f"{_PARSER}.models:ResourceNotFound",
        "a missing map run fails the request",
        lambda original: lambda: original("The specified Map Run does not exist."),
    ),
    *(
        Patch(
            f"{_API}:{name}.TYPE",
            f"{name} is returned without its code, so no client can catch it",
            # The default argument binds this iteration's name.
            lambda original, name=name: attribute(f"{_API}:{name}.code"),  # type: ignore[misc]
        )
        for name in ("InvalidDefinition", "InvalidExecutionInput", "MissingRequiredParameter")
    ),
)
