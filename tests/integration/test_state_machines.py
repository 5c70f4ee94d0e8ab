"""LocalStack's state machines, patched by our start-up script, pass the same tests as the embedded ones."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.backend.moto_patches.test_athena_task import (
    test_a_stopped_execution_cancels_the_query_in_the_engine,
    test_the_rows_of_a_query_are_state_output,
)
from tests.backend.moto_patches.test_stepfunctions import (
    job,
    test_a_failed_run_fails_its_task_with_the_run_as_cause,
    test_a_run_belongs_to_the_account_of_its_state_machine,
    test_a_sync_task_waits_and_returns_the_job_run,
    test_an_error_of_glue_is_the_tasks_error,
    test_executions_without_a_name_get_unique_names,
    test_retry_and_catch_see_the_failure,
)
from tests.e2e.compose import ComposeStack

__all__ = [
    "job",
    "test_a_failed_run_fails_its_task_with_the_run_as_cause",
    "test_an_error_of_glue_is_the_tasks_error",
    "test_a_run_belongs_to_the_account_of_its_state_machine",
    "test_a_stopped_execution_cancels_the_query_in_the_engine",
    "test_a_sync_task_waits_and_returns_the_job_run",
    "test_executions_without_a_name_get_unique_names",
    "test_retry_and_catch_see_the_failure",
    "test_the_rows_of_a_query_are_state_output",
]


@pytest.fixture(scope="module")
def endpoint(stack: ComposeStack) -> Iterator[SimpleNamespace]:
    """The server for a worker that the tests simulate; the stack's own worker is stopped, because it would claim the runs."""
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
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    return client


@pytest.fixture
def athena_aws(aws: Callable[..., Any]) -> Callable[..., Any]:
    """The stack has its own engine."""
    return aws
