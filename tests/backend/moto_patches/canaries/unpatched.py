"""What the canaries share: unpatched moto, clients in ``mock_aws``, and executions of state machines."""

import json
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

ROLE = "arn:aws:iam::123456789012:role/machine"
EXECUTES_MACHINES: Any = {"stepfunctions": {"execute_state_machine": True}}
"""The configuration with which moto executes state machines."""


def attribute(module: str, name: str) -> Any:
    """Return an attribute of a module, such as ``Class.method``."""
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def client(service: str) -> Any:
    """Return a client for ``service``; use it in ``mock_aws``."""
    return boto3.client(service, "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


def client_without_validation(service: str) -> Any:
    """Return a client that sends incomplete requests; use it in ``mock_aws``."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, "us-east-1", **keys, config=Config(parameter_validation=False))


def fails(service: str, operation: str, **parameters: Any) -> Callable[[], bool]:
    """Return a canary for a request that raises an exception in moto."""

    def canary() -> bool:
        with mock_aws():
            try:
                getattr(client_without_validation(service), operation)(**parameters)
            except ClientError:
                return False
            except Exception:  # noqa: BLE001 - an exception of moto itself
                return True
            return False

    return canary


def executed(states: Mapping[str, Any], **request: Any) -> Any:
    """Execute a state machine that starts with the state ``A``; return DescribeExecution's response."""
    with mock_aws(config=EXECUTES_MACHINES):
        sfn = client("stepfunctions")
        definition = json.dumps({"StartAt": "A", "States": states})
        machine = sfn.create_state_machine(name="m", definition=definition, roleArn=ROLE)["stateMachineArn"]
        arn = sfn.start_execution(stateMachineArn=machine, **request)["executionArn"]
        while (found := sfn.describe_execution(executionArn=arn))["status"] == "RUNNING":
            time.sleep(0.05)
        return found
