"""What moto's Step Functions interpreter lacks in tasks, those of Glue above all: small named patches."""

import sys
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

# Under which names errors of SDK integrations are caught; moto knows dynamodb's and sfn's and takes the service's own.
_SERVICE_ERROR_NAMES = {"glue": "Glue", "firehose": "Firehose", "kinesis": "Kinesis", "s3": "S3", "ssm": "Ssm"}


def teach_tasks() -> None:
    """Patch the tasks; to be called once, for it wraps what is there."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (  # noqa: PLC0415 - takes a second
        state_task_service_aws_sdk,
        state_task_service_glue,
        state_task_service_sfn,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (  # noqa: PLC0415
        StateTaskService,
    )
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask  # noqa: PLC0415

    StateTaskService._after_eval_execution = _while_running(StateTaskService._after_eval_execution)
    StateTask._eval_state_credentials = _with_account(StateTask._eval_state_credentials)
    for name, module in tuple(sys.modules.items()):
        if name.startswith("moto.stepfunctions.parser.") and "boto_client_for" in vars(module):
            vars(module)["boto_client_for"] = _signed(vars(module)["boto_client_for"])
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES.update(_SERVICE_ERROR_NAMES)
    sdk_task = state_task_service_aws_sdk.StateTaskServiceAwsSdk
    sdk_task._eval_service_task = _with_times(sdk_task._eval_service_task)
    nested = state_task_service_sfn.StateTaskServiceSfn
    nested._normalise_parameters = _in_lower_camel_case(nested._normalise_parameters)
    nested._normalise_response = _in_upper_camel_case
    glue_task = state_task_service_glue.StateTaskServiceGlue
    glue_task.from_state_props = _without_callbacks(glue_task.from_state_props)
    glue_task._eval_integration_pattern = _run_sync
    glue_task._get_glue_client = staticmethod(_with_milliseconds(glue_task._get_glue_client))


def _while_running(succeed: Callable[..., None]) -> Callable[..., None]:
    """Let a task succeed only while its state lasts.

    moto 5.2.5 writes TaskSucceeded, with the output null, for a task that was waiting when its execution was stopped
    or timed out. AWS writes nothing more.
    """

    def after(self: Any, env: Any, *rest: Any, **more: Any) -> None:
        if env.is_running():
            succeed(self, env, *rest, **more)

    return after


def _with_account(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    def credentials(self: Any, env: Any) -> Any:
        found = evaluate(self, env)
        found.account = env.aws_execution_details.account
        return found

    return credentials


def _signed(boto_client_for: Callable[..., Any]) -> Callable[..., Any]:
    """Let a task act in the account of its machine: moto 5.2.5 signs with a key of no account."""

    def client(region: str, service: str, state_credentials: Any = None) -> Any:
        made = boto_client_for(region=region, service=service, state_credentials=state_credentials)
        account = getattr(state_credentials, "account", None)
        if account:
            made._request_signer._credentials.access_key = account
        return made

    return client


def _with_times(call: Callable[..., None]) -> Callable[..., None]:
    """Make the answer of an ``aws-sdk`` task JSON: DescribeExecution dies of the datetimes in it (500)."""

    def call_with_times(self: Any, env: Any, *rest: Any, **more: Any) -> None:
        call(self, env, *rest, **more)
        env.stack.append(_times_as_text(env.stack.pop()))

    return call_with_times


def _times_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _times_as_text(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_times_as_text(member) for member in value]
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def _in_lower_camel_case(normalise: Callable[..., None]) -> Callable[..., None]:
    """Name the parameters of ``states:startExecution`` as its API does: a definition writes them in upper camel case."""

    def normalise_parameters(self: Any, parameters: dict[str, Any], *rest: Any, **more: Any) -> None:
        normalise(self, parameters, *rest, **more)
        for name in tuple(parameters):
            parameters[name[0].lower() + name[1:]] = parameters.pop(name)

    return normalise_parameters


def _in_upper_camel_case(self: Any, response: dict[str, Any], *_: Any, **__: Any) -> None:
    for name in tuple(response):
        value = response.pop(name)
        response[name[0].upper() + name[1:]] = _milliseconds(value) if isinstance(value, datetime) else value


def _without_callbacks(read: Callable[..., None]) -> Callable[..., None]:
    """Refuse ``.waitForTaskToken``, which Glue has not on AWS; moto 5.2.5 reads it as ``.sync``.

    https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
    """

    def from_state_props(self: Any, state_props: Any) -> None:
        read(self, state_props)
        if self.resource.condition == "waitForTaskToken":
            raise ValueError(f"The resource provided {self.resource.resource_arn} is not recognized.")

    return from_state_props


def _run_sync(
    self: Any, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
) -> None:
    """Wait for the job run of a ``.sync`` task, and stop it where nobody waits for its end any more.

    moto 5.2.5 ends every such task in a callback endpoint that only ``.waitForTaskToken`` tasks have, and so dies
    after the run is over: "'NoneType' object has no attribute 'interrupt_all'".
    """
    task_output = env.stack.pop()
    self.timeout.eval(env=env)
    timeout_seconds = env.stack.pop()
    env.stack.append(task_output)
    resolver = self._build_sync_resolver(env, resource_runtime_part, normalised_parameters, state_credentials)
    outcome = self._eval_sync(
        env=env,
        sync_resolver=resolver,
        timeout_seconds=timeout_seconds,
        callback_endpoint=None,
        heartbeat_endpoint=None,
    )
    if outcome is None:
        outcome = _stop_run(self._get_glue_client(resource_runtime_part, state_credentials), task_output)
    env.stack.append(outcome)


def _stop_run(glue: Any, submitted: dict[str, Any]) -> dict[str, Any]:
    """Stop a run whose task is over: execution stopped, time-out, another branch failed. Returns it as it stands.

    AWS does so as well: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    name, run_id = submitted["JobName"], submitted["JobRunId"]
    glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    run: dict[str, Any] = glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
    return run


def _with_milliseconds(glue_client: Callable[..., Any]) -> Callable[..., Any]:
    def client(resource_runtime_part: Any, state_credentials: Any) -> Any:
        glue = glue_client(resource_runtime_part, state_credentials)
        # A state's output is JSON: AWS gives a JobRun's times as epoch milliseconds, boto3 as datetimes.
        glue.meta.events.register("after-call.glue.GetJobRun", _times_as_milliseconds)
        return glue

    return client


def _times_as_milliseconds(parsed: dict[str, Any], **_: Any) -> None:
    job_run = parsed.get("JobRun", {})
    for name, value in job_run.items():
        if isinstance(value, datetime):
            job_run[name] = _milliseconds(value)


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
