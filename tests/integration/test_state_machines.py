"""LocalStack's state machines, taught by our start-up script, end Glue tasks as the embedded ones do: the same tests."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.backend.test_state_machines import (
    job,
    test_a_failed_run_fails_its_task_with_the_run_as_cause,
    test_a_refusal_of_glue_is_the_tasks_error,
    test_a_run_belongs_to_the_account_of_its_state_machine,
    test_a_sync_task_waits_and_returns_the_job_run,
    test_executions_without_a_name_get_one_each,
    test_retry_and_catch_see_the_failure,
)
from tests.e2e.compose import ComposeStack

__all__ = [
    "job",
    "test_a_failed_run_fails_its_task_with_the_run_as_cause",
    "test_a_refusal_of_glue_is_the_tasks_error",
    "test_a_run_belongs_to_the_account_of_its_state_machine",
    "test_a_sync_task_waits_and_returns_the_job_run",
    "test_executions_without_a_name_get_one_each",
    "test_retry_and_catch_see_the_failure",
]


@pytest.fixture(scope="module")
def endpoint(stack: ComposeStack) -> Iterator[SimpleNamespace]:
    """The server, for a worker that the tests play; the stack's own would take their runs."""
    token = stack.run_inside("glue", "cat", "/run/glue-local/token")[1].strip()
    stack.compose("stop", "--timeout", "5", "spark")
    yield SimpleNamespace(endpoint=f"http://localhost:{stack.status_port}", private=SimpleNamespace(bearer=token))
    stack.up()


@pytest.fixture
def aws(stack: ComposeStack) -> Callable[..., Any]:
    def client(service: str, account: str = "000000000000", region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://localhost:{stack.port}",
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )

    return client
