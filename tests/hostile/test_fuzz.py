"""Generated requests for every operation of Glue, Firehose, Athena and tagging: no server error, no hang, AWS's error codes, bounded memory."""

import json
from collections import Counter
from collections.abc import Iterable
from http.client import HTTPConnection
from itertools import islice
from types import ModuleType
from typing import Any

import pytest

from glue_local.services import athena, firehose, glue, resourcegroupstaggingapi
from glue_local.wire.dispatch import service
from tests.hostile.conftest import ServerProcess
from tests.hostile.generated import SIGNING_NAMES, Request, model, requests

SERVICES: dict[str, ModuleType] = {
    "glue": glue,
    "firehose": firehose,
    "athena": athena,
    "resourcegroupstaggingapi": resourcegroupstaggingapi,
}
SECONDS = 60
MOST_GROWTH = 300  # MiB
# https://docs.aws.amazon.com/glue/latest/webapi/CommonErrors.html, and glue-local's code for what it does not emulate
COMMON = frozenset(
    ("ValidationException", "SerializationException", "AccessDeniedException", "ThrottlingException", "ValidationError",
     "RequestEntityTooLargeException", "UnknownOperationException", "NotEmulatedByGlueLocalException", "InvalidParameterValue")
)  # fmt: skip


def operations() -> list[tuple[str, str]]:
    return [
        (name, operation)
        for name, package in SERVICES.items()
        for operation in service(name, package.NOUNS, package.FAULT_CODES, package.CHECK).operations
    ]


def problem_of(request: Request, status: int, body: bytes) -> str | None:
    """Return what is wrong with a response, or None."""
    if status >= 500 and b"NotEmulatedByGlueLocal" not in body:
        return f"status {status}"
    if status < 400:
        return None
    code_of_json = json.loads(body).get("__type", "").rpartition("#")[2]
    known = {shape.metadata.get("error", {}).get("code", shape.name) for shape in model(request.service).error_shapes}
    return (
        None
        if code_of_json in known | COMMON | {shape.name for shape in model(request.service).error_shapes}
        else f"code {code_of_json!r}"
    )


def send(server: ServerProcess, request: Request) -> tuple[int, bytes]:
    signed = SIGNING_NAMES.get(request.service, request.service)
    scope = f"test/20260101/us-east-1/{signed}/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host", **request.headers}
    connection = HTTPConnection("localhost", server.port, timeout=SECONDS)
    try:
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def failures(server: ServerProcess, sent: Iterable[Request]) -> dict[str, Any]:
    """Send requests one by one; return the number of failures of each kind, with an example request."""
    kinds: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for request in sent:
        try:
            wrong = problem_of(request, *send(server, request))
        except TimeoutError:
            wrong = f"no response within {SECONDS} s"
        if wrong:
            kind = f"{request.service}:{request.operation}: {wrong}"
            kinds[kind] += 1
            examples.setdefault(kind, f"{request.path[:200]} {request.headers} {request.body[:1000]!r}")
    return {kind: (count, examples[kind]) for kind, count in kinds.items()}


@pytest.mark.parametrize("count", [400])
def test_generated_requests_are_answered_or_refused(server_process: ServerProcess, count: int) -> None:
    for request in islice(requests(operations(), seed=0), len(operations())):
        send(server_process, request)  # modules are imported with a service's first request
    before = server_process.peak()
    found = failures(server_process, islice(requests(operations(), seed=count), count))
    assert found == {}, json.dumps(found, indent=1)
    assert server_process.peak() - before < MOST_GROWTH
