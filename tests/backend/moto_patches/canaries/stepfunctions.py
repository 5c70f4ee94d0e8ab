"""Canaries of the patches in ``moto_patches/stepfunctions.py``."""

import json
import time
from collections.abc import Callable
from unittest import mock

from moto import mock_aws

from .unpatched import EXECUTES_MACHINES, ROLE, attribute, client, executed, fails

_PARSER = "moto.stepfunctions.parser"
_FAILURES = f"{_PARSER}.asl.component.common.error_name.failure_event"
_STATES = f"{_PARSER}.asl.component.state.exec"


def executions_without_a_name_share_one() -> bool:
    return str(executed({"A": {"Type": "Succeed"}})["executionArn"]).endswith(":None")


def stop_execution_drops_error_and_cause() -> bool:
    with mock_aws(config=EXECUTES_MACHINES):
        sfn = client("stepfunctions")
        definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": True}}})
        machine = sfn.create_state_machine(name="m", definition=definition, roleArn=ROLE)["stateMachineArn"]
        arn = sfn.start_execution(stateMachineArn=machine, name="e")["executionArn"]
        time.sleep(0.5)
        sfn.stop_execution(executionArn=arn, error="E", cause="because")
        return "cause" not in sfn.describe_execution(executionArn=arn)


def definitions_cannot_be_validated() -> bool:
    responses = attribute("moto.stepfunctions.responses", "StepFunctionResponse")
    return not hasattr(responses, "validate_state_machine_definition")


def missing_transition_targets_are_accepted() -> bool:
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}})
    with mock_aws(config=EXECUTES_MACHINES):
        return bool(client("stepfunctions").create_state_machine(name="m", definition=definition, roleArn=ROLE))


def an_error_overrides_a_stop() -> bool:
    environment = attribute(f"{_PARSER}.asl.eval.environment", "Environment")
    stopped = attribute(f"{_PARSER}.asl.eval.program_state", "ProgramStopped")
    execution = mock.MagicMock(_program_state=stopped(stop_date="", error="", cause=""), _frames=[])
    environment.set_error(execution, {})
    return not isinstance(execution._program_state, stopped)


def an_execution_cannot_format_its_start_time() -> bool:
    parameters = {"at.$": "States.Format('{}', $$.Execution.StartTime)"}
    formatting = {"Type": "Pass", "Parameters": parameters, "End": True}
    return bool(executed({"A": formatting}, name="e")["status"] == "FAILED")


def a_long_cause_is_not_truncated() -> bool:
    fail = {"Type": "Fail", "Error": "E", "Cause": "c" * 40_000}
    return len(executed({"A": fail}, name="e")["cause"]) > 32768


def a_missing_map_run_fails() -> bool:
    with mock_aws(config=EXECUTES_MACHINES):
        try:
            client("stepfunctions").describe_map_run(
                mapRunArn="arn:aws:states:us-east-1:123456789012:mapRun:m/x:00000000-0000-0000-0000-000000000000"
            )
        except TypeError:
            return True
        return False


def jsonata_has_no_evaluator() -> bool:
    try:
        return bool(attribute(f"{_PARSER}.asl.jsonata.jsonata", "_eval_jsonata")("1 + 1") != 2)
    except TypeError:
        return True


def predefined_error_names_are_refused(module: str) -> Callable[[], bool]:
    """Return a canary for a module in which an error name such as ``States.TaskFailed`` is not valid."""

    def canary() -> bool:
        try:
            attribute(module, "CustomErrorName")(error_name="States.TaskFailed")
        except ValueError:
            return True
        return False

    return canary


def code_is_not_returned(error: str) -> Callable[[], bool]:
    """Return a canary for an error that moto returns without its code."""

    def canary() -> bool:
        found = attribute(f"{_PARSER}.api", error)
        return bool(found.code != found.TYPE)

    return canary


CANARIES = {
    "moto.stepfunctions.responses:StepFunctionResponse.list_executions": fails(
        "stepfunctions", "list_executions", mapRunArn="arn:aws:states:us-east-1:123456789012:mapRun:m/x:1"
    ),
    f"{_PARSER}.models:StepFunctionsParserBackend.start_execution": executions_without_a_name_share_one,
    "moto.stepfunctions.responses:StepFunctionResponse.stop_execution": stop_execution_drops_error_and_cause,
    "moto.stepfunctions.responses:StepFunctionResponse.validate_state_machine_definition": definitions_cannot_be_validated,
    f"{_PARSER}.models:StepFunctionsParserBackend._validate_definition": missing_transition_targets_are_accepted,
    f"{_PARSER}.asl.eval.environment:Environment.set_error": an_error_overrides_a_stop,
    f"{_PARSER}.backend.execution_worker:ExecutionData": an_execution_cannot_format_its_start_time,
    f"{_FAILURES}:FailureEvent.__init__": a_long_cause_is_not_truncated,
    f"{_FAILURES}:FailureEventException.get_execution_failed_event_details": a_long_cause_is_not_truncated,
    f"{_PARSER}.models:ResourceNotFound": a_missing_map_run_fails,
    f"{_PARSER}.asl.jsonata.jsonata:_eval_jsonata": jsonata_has_no_evaluator,
    **{
        f"{module}:CustomErrorName": predefined_error_names_are_refused(module)
        for module in (f"{_STATES}.state_parallel.branches_decl", f"{_STATES}.state_map.iteration.iteration_worker")
    },
    **{
        f"{_PARSER}.api:{error}.TYPE": code_is_not_returned(error)
        for error in ("InvalidDefinition", "InvalidExecutionInput", "MissingRequiredParameter")
    },
}
