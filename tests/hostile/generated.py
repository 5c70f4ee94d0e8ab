"""Requests generated from botocore's models: valid, nearly valid and hostile. The same seed gives the same sequence."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any, NamedTuple

from botocore.model import Shape
from botocore.session import get_session

from tests.hostile.protocols import encode

NAMES = ("a", "db", "table_1", "Stream-2", "n" * 64)
ARNS = tuple(
    f"arn:aws:{service}:us-east-1:000000000000:{kind}{name}"
    for service, kind in (
        ("states", "stateMachine:"), ("states", "activity:"), ("kinesis", "stream/"), ("logs", "log-group:"), ("events", "rule/"),
        ("events", "event-bus/"), ("sqs", ""), ("glue", "job/"), ("cloudformation", "stack/"),
    )
    for name in ("a", "db")
) + ("arn:aws:iam::000000000000:role/a", "arn:aws:iam::000000000000:policy/a", "arn:aws:s3:::a")  # fmt: skip
STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
# Documents in texts: policies, definitions, templates and patterns.
DOCUMENTS = tuple(
    json.dumps(document)
    for document in (
        {}, [], {"Version": "2012-10-17", "Statement": [STATEMENT]}, {"Statement": STATEMENT}, {"Statement": []},
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}, {"source": ["a"]}, {"detail": {"x": [{"exists": True}]}},
        {"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}, {"schemaVersion": "2.2", "mainSteps": []},
    )
)  # fmt: skip
HOSTILE: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**63, -(2**63), 10**400, 1e308, 0.5, "", " ", "\0", "a\0b", "\ud800", "x\udfff", "\U0001f600",
    "a" * 300, "é" * 5000, "x" * 200_000, "../..", "%00", "${jndi:x}", "'; DROP TABLE x; --", "<a>&amp;", "{{", "(" * 300,
    "arn:aws:glue:us-east-1:000000000000:job/x", "arn:", "2026-01-01T00:00:00Z", "cron(0 0 * * ? *)", "rate(0 minutes)",
    [], {}, [[]], [None], {"": None}, {"\0": 1}, {"a": {"b": {"c": []}}}, ["x"] * 2000, {str(n): n for n in range(500)},
)  # fmt: skip
MARKS = '[]{}<>&="\0\xff,:x1'


class Request(NamedTuple):
    """An HTTP request of a service's operation."""

    service: str
    operation: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@cache
def model(service: str) -> Any:
    """Return botocore's model of a service."""
    return get_session().get_service_model(service)


def requests(operations: list[tuple[str, str]], seed: int) -> Iterator[Request]:
    """Yield requests for the operations (service and name) in turn, endlessly."""
    random = Random(seed)
    while True:
        for service, operation in operations:
            yield _request(random, service, operation)


def _request(random: Random, service: str, operation: str) -> Request:
    method, path, headers, body = encode(model(service), operation, _document(random, service, operation))
    return Request(service, operation, method, path, headers, _damaged(random, body) if body else body)


def _damaged(random: Random, body: bytes) -> bytes:
    """Return a body, one of ten as no client would send it."""
    match random.randrange(40):
        case 0:
            return body[: random.randrange(len(body) + 1)]
        case 1:
            depth = random.choice((400, 600, 5000))
            opened, closed = (b"<x>", b"</x>") if body.startswith(b"<") else (b"[", b"]")
            return b'{"x": ' * (opened == b"[") + opened * depth + closed * depth + b"}" * (opened == b"[")
        case 2:
            return "".join(random.choices(MARKS, k=200)).encode()
        case 3:
            return json.dumps({f"k{n}": n for n in range(20_000)}).encode()
    return body


def _document(random: Random, service: str, operation: str) -> dict[str, Any]:
    shape = model(service).operation_model(operation).input_shape
    if shape is None:
        return {}
    document = _structure(random, shape, 0)
    for _ in range(random.choice((0, 0, 1, 1, 2, 5))):
        _corrupt(random, document)
    return document


def _corrupt(random: Random, document: Any) -> None:
    """Replace a random value in ``document``, at any depth, by a hostile one."""
    while True:
        places: list[Any] = list(document) if isinstance(document, dict) else list(range(len(document)))
        if not places or random.random() < 0.1:
            if isinstance(document, dict):
                document[random.choice(("Unknown", "", "__type", "Name"))] = deepcopy(random.choice(HOSTILE))
            return
        place = random.choice(places)
        if isinstance(document[place], dict | list) and document[place] and random.random() < 0.7:
            document = document[place]
            continue
        document[place] = deepcopy(random.choice(HOSTILE))
        return


def _value(random: Random, shape: Shape, depth: int) -> Any:
    return _KINDS.get(shape.type_name, lambda *_: 1)(random, shape, depth)


def _structure(random: Random, shape: Any, depth: int) -> dict[str, Any]:
    optional = 0.5 if depth < 3 else 0.1
    return {
        name: _value(random, member, depth + 1)
        for name, member in shape.members.items()
        if name in shape.required_members or (depth < 7 and random.random() < optional)
    }


def _list(random: Random, shape: Any, depth: int) -> list[Any]:
    count = max(shape.metadata.get("min", 0), random.randrange(3) if depth < 7 else 0)
    return [_value(random, shape.member, depth + 1) for _ in range(min(count, 10))]


def _map(random: Random, shape: Any, depth: int) -> dict[str, Any]:
    return {
        str(_value(random, shape.key, 8)): _value(random, shape.value, depth + 1) for _ in range(random.randrange(3))
    }


def _string(random: Random, shape: Any, _depth: int) -> str:
    if shape.enum:
        return str(random.choice(shape.enum))
    name = shape.name.lower()
    if name.endswith("arn") and random.random() < 0.8:
        return random.choice(ARNS)
    if any(kind in name for kind in ("document", "policy", "definition", "template", "pattern", "content")):
        return random.choice((*DOCUMENTS, "a"))
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 255)
    return random.choice(NAMES).ljust(min(least, 5000), "x")[: max(most, 1)]


def _number(random: Random, shape: Any, _depth: int) -> int:
    least = int(shape.metadata.get("min", 0))
    return random.choice((least, least + 1, int(shape.metadata.get("max", 10))))


_KINDS: dict[str, Callable[[Random, Any, int], Any]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _number,
    "long": _number,
    "double": _number,
    "float": _number,
    "boolean": lambda random, *_: random.random() < 0.5,
    "blob": lambda random, *_: random.choice(("", "eA==", "e" * 4000)),
    "timestamp": lambda random, *_: random.choice((0, 1_760_000_000, 1_760_000_000.5)),
}
