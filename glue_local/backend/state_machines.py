"""What moto's Step Functions interpreter lacks to run Glue jobs: small named patches, until moto has them."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from moto.moto_api._internal import mock_random


@cache
def teach_state_machines() -> None:
    """Patch the interpreter, once, when the first state machine request comes (importing it takes a second)."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (  # noqa: PLC0415 - see above
        state_task_service_glue,
    )
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend  # noqa: PLC0415

    StepFunctionsParserBackend.start_execution = _named(StepFunctionsParserBackend.start_execution)
    glue_task = state_task_service_glue.StateTaskServiceGlue
    glue_task._eval_integration_pattern = _run_sync
    glue_task._get_glue_client = staticmethod(_client_of_the_machine(state_task_service_glue.boto_client_for))


def _named(start_execution: Callable[..., Any]) -> Callable[..., Any]:
    """Name an execution that was started without one.

    moto 5.2.5 leaves the name None: all such executions share one ARN, and ``$$.Execution.Name`` is null. AWS names
    them by a UUID: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    def start(self: Any, arn: str, name: str | None = None, *rest: Any, **more: Any) -> Any:
        return start_execution(self, arn, name or str(mock_random.uuid4()), *rest, **more)

    return start


def _run_sync(
    self: Any, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
) -> None:
    """Wait for the job run of a ``.sync`` task.

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
    env.stack.append(outcome)


def _client_of_the_machine(boto_client_for: Callable[..., Any]) -> Callable[..., Any]:
    def client(resource_runtime_part: Any, state_credentials: Any) -> Any:
        glue = boto_client_for(service="glue", region=resource_runtime_part.region, state_credentials=state_credentials)
        # moto signs with a key of no account; the run belongs to the account of its state machine.
        glue._request_signer._credentials.access_key = resource_runtime_part.account
        # A state's output is JSON: AWS gives a JobRun's times as epoch milliseconds, boto3 as datetimes.
        glue.meta.events.register("after-call.glue.GetJobRun", _times_as_milliseconds)
        return glue

    return client


def _times_as_milliseconds(parsed: dict[str, Any], **_: Any) -> None:
    job_run = parsed.get("JobRun", {})
    for name, value in job_run.items():
        if isinstance(value, datetime):
            job_run[name] = int(value.timestamp() * 1000)
