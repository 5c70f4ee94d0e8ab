"""Patches of moto's Step Functions interpreter for tasks, mainly those of Glue."""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from botocore.response import StreamingBody

from glue_local.backend.moto_patches.patch import Patch, attribute

# Error name prefixes of SDK integrations in Catch; moto only maps those of dynamodb and sfn.
_STATES = "moto.stepfunctions.parser.asl.component.state.exec.state_task"
_TASKS = f"{_STATES}.service"
_GLUE = f"{_TASKS}.state_task_service_glue:StateTaskServiceGlue"
_NESTED = f"{_TASKS}.state_task_service_sfn:StateTaskServiceSfn"
_SERVICE_ERROR_NAMES = {"glue": "Glue", "firehose": "Firehose", "kinesis": "Kinesis", "s3": "S3", "ssm": "Ssm"}


def _while_running(succeed: Callable[..., None]) -> Callable[..., None]:
    """Let a task succeed only while its state is running.

    moto 5.2.5 writes TaskSucceeded with a null output for a task that was waiting when its execution was stopped or
    timed out. AWS writes no further event.
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
    """Let a task act in its state machine's account: moto 5.2.5 signs with a key of another account."""

    def client(region: str, service: str, state_credentials: Any = None) -> Any:
        made = boto_client_for(region=region, service=service, state_credentials=state_credentials)
        account = getattr(state_credentials, "account", None)
        if account:
            made._request_signer._credentials.access_key = account
        return made

    return client


def _with_times(call: Callable[..., None]) -> Callable[..., None]:
    """Make the response of an ``aws-sdk`` task JSON.

    Datetimes in it make DescribeExecution return 500; an object's body, which is text on AWS, fails the execution.
    """

    def call_with_times(self: Any, env: Any, *rest: Any, **more: Any) -> None:
        call(self, env, *rest, **more)
        env.stack.append(_as_json(env.stack.pop()))

    return call_with_times


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_as_json(member) for member in value]
    if isinstance(value, StreamingBody):
        return value.read().decode()
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value


def _in_lower_camel_case(normalise: Callable[..., None]) -> Callable[..., None]:
    """Convert the parameters of ``states:startExecution`` from a definition's upper camel case to the API's names."""

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
    """Refuse ``.waitForTaskToken``, which AWS does not support for Glue; moto 5.2.5 treats it as ``.sync``.

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
    """Wait for the job run of a ``.sync`` task, and stop it if the state ends first.

    moto 5.2.5 uses a callback endpoint that only ``.waitForTaskToken`` tasks have, and so fails after the run has
    ended: "'NoneType' object has no attribute 'interrupt_all'".
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
    """Stop the run of a task that has ended (execution stopped, timeout, another branch failed). Returns the run.

    AWS does the same: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    name, run_id = submitted["JobName"], submitted["JobRunId"]
    glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    run: dict[str, Any] = glue.get_job_run(JobName=name, RunId=run_id)["JobRun"]
    return run


def _with_milliseconds(glue_client: Callable[..., Any]) -> Any:
    def client(resource_runtime_part: Any, state_credentials: Any) -> Any:
        glue = glue_client(resource_runtime_part, state_credentials)
        # A state's output is JSON: AWS writes a JobRun's times as epoch milliseconds; boto3 returns datetimes.
        glue.meta.events.register("after-call.glue.GetJobRun", _times_as_milliseconds)
        return glue

    return staticmethod(client)


def _times_as_milliseconds(parsed: dict[str, Any], **_: Any) -> None:
    job_run = parsed.get("JobRun", {})
    for name, value in job_run.items():
        if isinstance(value, datetime):
            job_run[name] = _milliseconds(value)


def _with_athena(service_for: Callable[[str], Any]) -> Callable[[str], Any]:
    """Add a task for Athena: moto 5.2.5 forwards its requests, cannot wait for a query, and has no error names."""
    athena_task = attribute("glue_local.backend.moto_patches.athena_task:AthenaTask")

    def of(service_name: str) -> Any:
        return athena_task() if service_name == "athena" else service_for(service_name)

    return of


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


PATCHES = (
    Patch(
        f"{_TASKS}.state_task_service:StateTaskService._after_eval_execution",
        "a task that was waiting when its execution was stopped succeeds with a null output",
        _while_running,
    ),
    Patch(
        f"{_STATES}.state_task:StateTask._eval_state_credentials",
        "a task does not know its state machine's account",
        _with_account,
    ),
    Patch(
        "moto.stepfunctions.parser.asl.utils.boto_client:boto_client_for",
        "a task acts in the wrong account",
        _signed,
        also_in="moto.stepfunctions.parser.",
    ),
    Patch(
        f"{_TASKS}.state_task_service_aws_sdk:_SERVICE_ERROR_NAMES",
        "the error names of Glue, Firehose, Kinesis, S3 and SSM in Catch differ from AWS's",
        lambda names: {**names, **_SERVICE_ERROR_NAMES},
    ),
    Patch(
        f"{_TASKS}.state_task_service_aws_sdk:StateTaskServiceAwsSdk._eval_service_task",
        "DescribeExecution returns 500 if an SDK task's response has a time, and a response with a body fails the execution",
        _with_times,
    ),
    Patch(
        f"{_NESTED}._normalise_parameters",
        "states:startExecution refuses its own parameters",
        _in_lower_camel_case,
    ),
    Patch(
        f"{_NESTED}._normalise_response",
        "states:startExecution's response is not in upper camel case, and its times make DescribeExecution return 500",
        lambda original: _in_upper_camel_case,
    ),
    Patch(
        f"{_GLUE}.from_state_props",
        "glue's .waitForTaskToken, which AWS refuses, is treated as .sync",
        _without_callbacks,
    ),
    Patch(
        f"{_GLUE}._eval_integration_pattern",
        "every .sync task of Glue fails after its run has ended: 'NoneType' object has no attribute 'interrupt_all'",
        lambda original: _run_sync,
        adds=True,
    ),
    Patch(
        f"{_GLUE}._get_glue_client",
        "DescribeExecution returns 500 if a task's JobRun has a time",
        _with_milliseconds,
    ),
    Patch(
        f"{_TASKS}.state_task_service_factory:state_task_service_for",
        "athena's tasks have no .sync and no error names, and their times make DescribeExecution return 500",
        _with_athena,
        also_in="moto.stepfunctions.parser.",
    ),
)
