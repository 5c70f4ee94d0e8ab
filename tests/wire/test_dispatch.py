"""Which functions are operations, and the responses to requests."""

import json
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from glue_local.core.faults import Missing
from glue_local.wire.dispatch import call, service


def noun(name: str = "noun", **functions: Any) -> ModuleType:
    """Return a module of these functions."""
    module = ModuleType(name)
    for function_name, function in functions.items():
        function.__module__, function.__name__ = name, function_name
        setattr(module, function_name, function)
    return module


def serve(**functions: Any) -> Any:
    return service("glue", [noun(**functions)], {Missing: "EntityNotFoundException"}, lambda *_: None)


def test_a_function_without_an_aws_operation_prevents_the_start() -> None:
    with pytest.raises(ValueError, match=r"noun\.make_coffee: glue has no such operation in the models of botocore"):
        serve(make_coffee=lambda context, request: {})


def test_a_duplicate_operation_prevents_the_start() -> None:
    modules = [noun(name, get_job=lambda context, request: {}) for name in ("one", "two")]
    with pytest.raises(ValueError, match=r"two\.get_job is defined twice"):
        service("glue", modules, {}, lambda *_: None)


def test_helpers_are_not_operations() -> None:
    assert serve(_helper=lambda: None, get_job=lambda context, request: {}).operations.keys() == {"GetJob"}


@pytest.mark.parametrize(
    ("operation", "body", "status", "code"),
    [
        ("GetJob", b'{"JobName": "j"}', 400, "EntityNotFoundException"),
        ("GetJob", b"{", 400, "SerializationException"),
        ("GetJob", b"{}", 400, "ValidationException"),
        ("GetJobs", b"{}", 501, ""),
        ("MakeCoffee", b"{}", 400, "UnknownOperationException"),
    ],
)
def test_invalid_requests_have_awss_errors(operation: str, body: bytes, status: int, code: str) -> None:
    def get_job(context: Any, request: dict[str, Any]) -> dict[str, Any]:
        raise Missing(f"no {request['JobName']}")

    reply = call(serve(get_job=get_job), operation, SimpleNamespace(), body, "r-1")
    assert reply.status == status
    assert code in json.loads(reply.body)["__type"]
