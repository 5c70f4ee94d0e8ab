"""Generated requests for every operation: no server error, no hang, AWS's error codes, bounded memory.

FUZZ_REQUESTS is the number of requests after the first one of each operation, 1000 by default. 20 000 take three minutes.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable
from http.client import HTTPConnection
from itertools import islice
from types import ModuleType
from typing import Any

from glue_local.services import athena, firehose, glue, resourcegroupstaggingapi
from glue_local.wire.dispatch import service
from tests.hostile.generated import Request, model, requests
from tests.server_process import ServerProcess

SERVICES: dict[str, ModuleType] = {
    "glue": glue,
    "firehose": firehose,
    "athena": athena,
    "resourcegroupstaggingapi": resourcegroupstaggingapi,
}
MOTO = ("s3", "cloudformation", "stepfunctions", "kinesis", "logs", "iam", "events", "ssm", "sqs")
COUNT = int(os.environ.get("FUZZ_REQUESTS", "1000"))
SECONDS = 60
MOST_GROWTH = 300  # MiB
# https://docs.aws.amazon.com/glue/latest/webapi/CommonErrors.html, and glue-local's code for what it does not emulate
COMMON = frozenset(
    ("ValidationException", "SerializationException", "AccessDeniedException", "ThrottlingException", "ValidationError",
     "RequestEntityTooLargeException", "UnknownOperationException", "NotEmulatedByGlueLocalException", "InvalidParameterValue")
)  # fmt: skip


def operations() -> list[tuple[str, str]]:
    ours = [
        (name, operation)
        for name, package in SERVICES.items()
        for operation in service(name, package.NOUNS, package.FAULT_CODES, package.CHECK).operations
    ]
    return [*ours, *((name, operation) for name in MOTO for operation in model(name).operation_names)]


def problem_of(request: Request, status: int, body: bytes) -> str | None:
    """Return what is wrong with a response, or None."""
    if status >= 500 and b"NotEmulatedByGlueLocal" not in body:
        return f"status {status}"
    if status < 400 or request.service in MOTO:
        return None
    code_of_json = json.loads(body).get("__type", "").rpartition("#")[2]
    known = {shape.metadata.get("error", {}).get("code", shape.name) for shape in model(request.service).error_shapes}
    return (
        None
        if code_of_json in known | COMMON | {shape.name for shape in model(request.service).error_shapes}
        else f"code {code_of_json!r}"
    )


def send(server: ServerProcess, request: Request) -> tuple[int, bytes]:
    scope = f"test/20260101/us-east-1/{model(request.service).signing_name}/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host", **request.headers}
    connection = HTTPConnection("localhost", server.port, timeout=SECONDS)
    try:
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


class Found:
    """What responses showed: the number of failures of each kind with an example, and what is not implemented."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.examples: dict[str, str] = {}
        self.not_implemented: set[tuple[str, str]] = set()

    def send_all(self, server: ServerProcess, sent: Iterable[Request]) -> None:
        """Send requests one by one."""
        for request in sent:
            try:
                status, body = send(server, request)
                wrong = problem_of(request, status, body)
                self.statuses[status] += 1
                if status == 501:
                    self.not_implemented.add((request.service, request.operation))
            except TimeoutError:
                wrong = f"no response within {SECONDS} s"
            if wrong:
                kind = f"{request.service}:{request.operation}: {wrong}"
                self.kinds[kind] += 1
                self.examples.setdefault(kind, f"{request.path[:200]} {request.headers} {request.body[:1000]!r}")

    def failures(self) -> dict[str, Any]:
        return {kind: (count, self.examples[kind]) for kind, count in self.kinds.items()}


def test_generated_requests_are_answered_or_refused(server_process: ServerProcess) -> None:
    every, found = operations(), Found()
    # Modules are imported with a service's first request.
    found.send_all(server_process, islice(requests(every, seed=0), len(every)))
    implemented = [operation for operation in every if operation not in found.not_implemented]
    server_process.reset_peak()
    before = server_process.peak()
    found.send_all(server_process, islice(requests(implemented, seed=COUNT), COUNT))
    assert found.failures() == {}, json.dumps(found.failures(), indent=1)
    assert server_process.peak() - before < MOST_GROWTH
    assert min(found.statuses[200], found.statuses[400]) > COUNT // 10, "both outcomes occur"
