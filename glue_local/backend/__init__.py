"""S3, Kinesis, Step Functions and the rest of AWS: moto in this process, or an upstream such as LocalStack."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from glue_local.backend.contract import RESET, Backend
from glue_local.core.wsgi import WsgiApplication

REFUSED_SERVICES = {"elasticmapreduce": "EMR", "emr-serverless": "EMR Serverless"}
"""Signing names of services for which moto returns SUCCEEDED without executing anything."""

CHECKED_SERVICES = ("logs", "ssm", "stepfunctions")
"""botocore's names of services whose requests are validated with AWS's model first: moto stores invalid values, on which
later requests fail."""

TYPE_CHECKED_SERVICES = ("events", "sqs")
"""botocore's names of services whose requests are checked for values of wrong types, for the same reason."""

BOTOCORE_NAMES = {"monitoring": "cloudwatch", "states": "stepfunctions", "tagging": "resourcegroupstaggingapi"}
"""botocore's names of services whose signing names are others."""

VIOLATION_CODES = {"logs": "InvalidParameterException", "sqs": "InvalidParameterValue"}
"""Error codes for requests that violate a service's model, by signing name, where they are not their protocol's."""

_MIB = 1024 * 1024
LARGER_REQUESTS = {"kinesis": 16 * _MIB, "dynamodb": 24 * _MIB, "lambda": 72 * _MIB}
"""The size limit in bytes of requests to services that accept more than 8 MiB, with base64 and JSON overhead."""


def backend(upstream: str, folder: Path) -> Backend:
    """Return the backend for the URL ``upstream``, or moto in this process if it is empty.

    moto keeps content that is too large for memory in ``folder`` while the process runs.
    Only the chosen one is imported: importing moto takes half a second, and the Compose container does not have it.
    """
    if upstream:
        made: Backend = import_module("glue_local.backend.upstream").upstream(upstream)
        return made
    embedded: Backend = import_module("glue_local.backend.embedded").embedded(folder)
    return embedded


def reset_too(application: WsgiApplication, reset: Callable[[], None]) -> WsgiApplication:
    """Make moto's ``POST /moto-api/reset`` also call ``reset``, so that one request resets everything."""

    def resetting(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("PATH_INFO") == RESET and environ.get("REQUEST_METHOD") == "POST":
            reset()
        return application(environ, start_response)

    return resetting
