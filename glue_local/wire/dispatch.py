"""Dispatch a request to the function that implements its operation."""

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

import botocore
from botocore import xform_name

from glue_local.core.faults import Fault, Malformed, NotEmulated, UnknownOperation
from glue_local.wire.check import check
from glue_local.wire.model import operation_model, service_model
from glue_local.wire.reply import Reply, refusal, success

Operation = Callable[[Any, dict[str, Any]], Mapping[str, Any]]


Check = Callable[[Any, str, dict[str, Any]], None]
After = Callable[[Any, str, dict[str, Any], Mapping[str, Any]], None]


def _nothing(context: Any, operation: str, request: dict[str, Any], response: Mapping[str, Any]) -> None:
    pass


class Service(NamedTuple):
    """A service of glue-local: its botocore name, its operations by AWS name, its error code for each kind of fault.

    ``check`` is called before every operation and may raise a fault; ``after`` is called after one that succeeded, with
    its response.
    """

    name: str
    operations: dict[str, Operation]
    fault_codes: Mapping[type, str]
    check: Check
    after: After = _nothing


def service(
    name: str,
    nouns: Sequence[ModuleType],
    fault_codes: Mapping[type, str],
    check: Check,
    after: After = _nothing,
) -> Service:
    """Collect the public functions of the noun modules as the operations of a service.

    Raises ValueError for a function that no AWS operation is named after, or a duplicate.
    """
    known = {xform_name(operation): operation for operation in service_model(name).operation_names}
    operations: dict[str, Operation] = {}
    for module in nouns:
        for function_name, function in _public_functions(module):
            if function_name not in known:
                raise ValueError(
                    f"{module.__name__}.{function_name}: {name} has no such operation in the models of botocore"
                    f" {botocore.__version__}: correct the name, or raise botocore's lower bound in pyproject.toml"
                )
            if known[function_name] in operations:
                raise ValueError(f"{module.__name__}.{function_name} is defined twice")
            operations[known[function_name]] = function
    return Service(name, operations, fault_codes, check, after)


def _public_functions(module: ModuleType) -> list[tuple[str, Operation]]:
    return [
        (name, function)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def call(served: Service, operation: str, context: Any, body: bytes, request_id: str) -> Reply:
    """Run one operation on a request body and render its response or fault."""
    json_version = str(service_model(served.name).metadata["jsonVersion"])
    try:
        response = _run(served, operation, context, body)
    except Fault as fault:
        return refusal(fault, served.fault_codes, json_version, request_id)
    return success(response, json_version, request_id)


def _run(served: Service, operation: str, context: Any, body: bytes) -> Mapping[str, Any]:
    if operation not in service_model(served.name).operation_names:
        raise UnknownOperation(f"{served.name} has no operation {operation}")
    function = served.operations.get(operation)
    if function is None:
        raise NotEmulated(
            f"glue-local does not emulate {served.name}:{operation} yet. docs/fidelity.md lists the supported operations."
        )
    document = document_in(body)
    request = check(operation_model(served.name, operation).input_shape, document)
    served.check(context, operation, request)
    response = function(context, request)
    served.after(context, operation, request, response)
    return response


def document_in(body: bytes) -> Any:
    """Return the JSON document in a request's body, an empty one without a body; raises Malformed."""
    try:
        # Strictly UTF-8: json alone accepts lone surrogates.
        return json.loads(body.decode() or "{}")
    except ValueError as error:
        raise Malformed(f"The request body is not JSON: {error}", code="SerializationException") from None
