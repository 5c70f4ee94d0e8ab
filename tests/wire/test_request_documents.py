"""Requests as botocore serializes them are recognized, and read as the documents they were made from."""

from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.model import OperationModel
from botocore.serialize import create_serializer
from werkzeug.test import EnvironBuilder

from glue_local.core.wsgi import CALLER, Caller
from glue_local.wire.model import service_model
from glue_local.wire.operations import operation_of
from glue_local.wire.request_documents import read_body, read_parameters

# The text of a time and a number depends on the place; contents are not read.
LEFT_OUT = ("timestamp", "blob", "float", "double")


def value(random: Random, shape: Any, depth: int) -> Any:
    """Return a random value of a shape."""
    match shape.type_name:
        case "structure":
            members = {
                name: each
                for name, each in shape.members.items()
                if each.type_name not in LEFT_OUT
                and each.serialization.get("location") != "headers"
                and each.serialization.get("name") != "Content-Length"
            }
            kept = {
                name: each for name, each in members.items() if name in shape.required_members or random.random() < 0.5
            }
            return {name: value(random, each, depth + 1) for name, each in kept.items() if depth < 5}
        case "list":
            return [value(random, shape.member, depth + 1) for _ in range(random.randint(1, 3))]
        case "map":
            return {f"key {n}": value(random, shape.value, depth + 1) for n in range(random.randint(1, 3))}
        case "integer" | "long":
            return random.randint(0, 9)
        case "boolean":
            return random.random() < 0.5
    return random.choice(getattr(shape, "enum", None) or ("a", "b.c", "d é", "e & f"))


def without_empty(document: Any) -> Any:
    """Return a document without structures that have no members: forms cannot express them."""
    if isinstance(document, dict):
        kept = {name: without_empty(each) for name, each in document.items()}
        return {name: each for name, each in kept.items() if each not in ({}, [{}])}
    return [each for each in map(without_empty, document) if each != {}] if isinstance(document, list) else document


def environ_of(service: str, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return a serialized request as a WSGI environment, and its body."""
    body = request["body"]
    data = urlencode(body).encode() if isinstance(body, dict) else body if isinstance(body, bytes) else body.encode()
    path, _, query = request["url_path"].partition("?")
    parameters = [
        (name, each)
        for name, given in dict(request["query_string"] or {}).items()
        for each in (given if isinstance(given, list) else [given])
    ]
    query = "&".join(filter(None, (query, urlencode(parameters))))
    builder = EnvironBuilder(path, method=request["method"], query_string=query, data=data, headers=request["headers"])
    environ = builder.get_environ()
    environ[CALLER] = Caller("000000000000", "us-east-1", service)
    return environ, data


def operations() -> list[OperationModel]:
    models = [service_model(name) for name in ("s3", "iam", "cloudformation")]
    found = [model.operation_model(name) for model in models for name in model.operation_names]
    # Only their hosts tell these from others.
    by_host = ("ListDirectoryBuckets", "WriteGetObjectResponse")
    return [each for each in found if each.input_shape and not each.deprecated and each.name not in by_host]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_a_serialized_request_is_read(operation: OperationModel) -> None:
    shape, service = operation.input_shape, operation.service_model
    for seed in range(4):
        document = without_empty(value(Random(seed), shape, 0))
        serializer = create_serializer(service.metadata["protocol"], include_validation=False)
        environ, body = environ_of(service.signing_name, serializer.serialize_to_request(document, operation))
        found = operation_of(environ, {}, body)
        assert found is not None
        assert found.model.name == operation.name
        assert without_empty({**read_parameters(found, environ), **read_body(found, body)}) == document
