"""Canaries of the patches in ``moto_patches/stepfunctions_tasks.py``."""

import datetime
import inspect
import json
from importlib import import_module
from unittest import mock

from moto import mock_aws

from .unpatched import EXECUTES_MACHINES, ROLE, attribute, client

_PARSER = "moto.stepfunctions.parser"
_STATES = f"{_PARSER}.asl.component.state.exec"
_TASKS = f"{_STATES}.state_task.service"
_GLUE = f"{_TASKS}.state_task_service_glue"
_SDK = f"{_TASKS}.state_task_service_aws_sdk"
_NESTED = f"{_TASKS}.state_task_service_sfn"
_FACTORY = f"{_TASKS}.state_task_service_factory"


def a_task_succeeds_after_its_execution_was_stopped() -> bool:
    service = attribute(f"{_TASKS}.state_task_service", "StateTaskService")
    return "is_running" not in inspect.getsource(service._after_eval_execution)


def credentials_have_no_account() -> bool:
    credentials = attribute(f"{_STATES}.state_task.credentials", "StateCredentials")(role_arn=ROLE)
    return not hasattr(credentials, "account")


def clients_do_not_sign_with_the_account() -> bool:
    account = "111122223333"
    boto_client_for = attribute(f"{_PARSER}.asl.utils.boto_client", "boto_client_for")
    made = boto_client_for("us-east-1", "s3", mock.Mock(account=account))
    return bool(made._request_signer._credentials.access_key != account)


def glue_has_no_error_name() -> bool:
    return "glue" not in attribute(_SDK, "_SERVICE_ERROR_NAMES")


def an_sdk_response_contains_datetimes() -> bool:
    module = import_module(_SDK)
    environment = mock.MagicMock(stack=[])
    response = {"At": datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)}
    with mock.patch.object(module, "boto_client_for", return_value=mock.Mock(get_job=lambda: response)):
        task = mock.Mock(_get_boto_service_action=lambda: "get_job")
        module.StateTaskServiceAwsSdk._eval_service_task(task, environment, mock.Mock(), {}, None)
    return isinstance(environment.stack[-1]["At"], datetime.datetime)


def parameters_stay_in_upper_camel_case() -> bool:
    nested = attribute(_NESTED, "StateTaskServiceSfn")
    task = nested.__new__(nested)
    task.resource = mock.Mock(api_action="startExecution", service_name="states", api_name="states")
    parameters = {"StateMachineArn": "a", "Input": {}}
    task._normalise_parameters(parameters)
    return "stateMachineArn" not in parameters


def responses_are_not_converted() -> bool:
    return "_normalise_response" not in vars(attribute(_NESTED, "StateTaskServiceSfn"))


def glue_accepts_task_tokens() -> bool:
    task = {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.waitForTaskToken", "End": True}
    definition = json.dumps({"StartAt": "A", "States": {"A": task}})
    with mock_aws(config=EXECUTES_MACHINES):
        return bool(client("stepfunctions").create_state_machine(name="m", definition=definition, roleArn=ROLE))


def sync_tasks_use_a_missing_callback_endpoint() -> bool:
    service = attribute(f"{_TASKS}.state_task_service_callback", "StateTaskServiceCallback")
    source = inspect.getsource(service._eval_integration_pattern)
    return "callback_endpoint.interrupt_all()" in source and "if callback_endpoint" not in source


def a_job_run_contains_datetimes() -> bool:
    return "datetime" not in inspect.getsource(import_module(_GLUE))


def athena_is_unsupported() -> bool:
    return "athena" in attribute(_FACTORY, "_UNSUPPORTED_SERVICE_NAMES")


CANARIES = {
    f"{_TASKS}.state_task_service:StateTaskService._after_eval_execution": a_task_succeeds_after_its_execution_was_stopped,
    f"{_STATES}.state_task.state_task:StateTask._eval_state_credentials": credentials_have_no_account,
    f"{_PARSER}.asl.utils.boto_client:boto_client_for": clients_do_not_sign_with_the_account,
    f"{_SDK}:_SERVICE_ERROR_NAMES": glue_has_no_error_name,
    f"{_SDK}:StateTaskServiceAwsSdk._eval_service_task": an_sdk_response_contains_datetimes,
    f"{_NESTED}:StateTaskServiceSfn._normalise_parameters": parameters_stay_in_upper_camel_case,
    f"{_NESTED}:StateTaskServiceSfn._normalise_response": responses_are_not_converted,
    f"{_GLUE}:StateTaskServiceGlue.from_state_props": glue_accepts_task_tokens,
    f"{_GLUE}:StateTaskServiceGlue._eval_integration_pattern": sync_tasks_use_a_missing_callback_endpoint,
    f"{_GLUE}:StateTaskServiceGlue._get_glue_client": a_job_run_contains_datetimes,
    f"{_FACTORY}:state_task_service_for": athena_is_unsupported,
}
