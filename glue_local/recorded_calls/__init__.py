"""Record the AWS calls of job runs by IAM action and resource, for the policies of their roles, and count S3 requests."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

from glue_local.core.wsgi import CALLER, Caller, WsgiApplication
from glue_local.recorded_calls import dynamodb, firehose, glue, kinesis, logs, s3, ssm
from glue_local.recorded_calls.call import SENDER, UNLISTED, Call, body_of
from glue_local.recorded_calls.s3_requests import S3Request, count_s3_requests

_PREFIXES = {"monitoring": "cloudwatch"}
# One file per service: a function of operation and request that returns the resources of ARNs.
_RESOURCES: dict[str, Callable[[str, dict[str, Any]], list[str]]] = {
    "dynamodb": dynamodb.resources,
    "firehose": firehose.resources,
    "glue": glue.resources,
    "kinesis": kinesis.resources,
    "logs": logs.resources,
    "ssm": ssm.resources,
}

Note = Callable[[Caller, str, Call], None]


def record_calls(application: WsgiApplication, note: Note) -> WsgiApplication:
    """Call ``note`` with the caller, the run id as sent, and the call, for every call of a job run."""

    def recording(environ: dict[str, Any], start_response: Any) -> Any:
        sender = SENDER.search(environ.get("HTTP_USER_AGENT", ""))
        if sender and CALLER in environ:
            for call in calls_of(environ):
                note(environ[CALLER], sender[0], call)
        return application(environ, start_response)

    return recording


def calls_of(environ: dict[str, Any]) -> Iterator[Call]:
    """Yield the actions and resources that a request needs permission for; the body stays readable."""
    caller: Caller = environ[CALLER]
    service = _PREFIXES.get(caller.signed_service, caller.signed_service)
    operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")[2]
    if operation:
        yield from _target(service, operation, body_of(environ), caller)
    elif service == "s3":
        yield from s3.calls(environ)
    elif environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        for action in parse_qs(body_of(environ).decode(errors="replace")).get("Action", []):
            yield Call(f"{service}:{action}", UNLISTED)


def _target(service: str, operation: str, body: bytes, caller: Caller) -> Iterator[Call]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        request = {}
    request = request if isinstance(request, dict) else {}
    reader = _RESOURCES.get(service)
    for resource in (reader(operation, request) if reader else []) or [UNLISTED]:
        arn = resource if resource == UNLISTED else f"arn:aws:{service}:{caller.region}:{caller.account}:{resource}"
        yield Call(f"{service}:{operation}", arn)


__all__ = ["SENDER", "Call", "Note", "S3Request", "calls_of", "count_s3_requests", "record_calls"]
