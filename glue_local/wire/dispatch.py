"""From an HTTP request to the function that is the operation, and back."""

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from botocore import xform_name

from glue_local.core.faults import Fault, Malformed, NotEmulated, UnknownOperation
from glue_local.wire.check import check
from glue_local.wire.model import operation_model, service_model
from glue_local.wire.reply import Reply, refusal, success

Operation = Callable[[Any, dict[str, Any]], Mapping[str, Any]]


Check = Callable[[Any, str, dict[str, Any]], None]


class Service(NamedTuple):
    """A service of ours: its name in botocore, its operations by AWS name, its error code for each kind of fault.

    ``check`` sees every request before its operation does, and may refuse it.
    """

    name: str
    operations: dict[str, Operation]
    fault_codes: Mapping[type, str]
    check: Check


def service(name: str, nouns: Sequence[ModuleType], fault_codes: Mapping[type, str], check: Check) -> Service:
    """Collect the public functions of the noun modules as the operations of a service.

    Raises ValueError for a function that is named like no operation of AWS, or written twice.
    """
    known = {xform_name(operation): operation for operation in service_model(name).operation_names}
    operations: dict[str, Operation] = {}
    for module in nouns:
        for function_name, function in _public_functions(module):
            if function_name not in known:
                raise ValueError(f"{module.__name__}.{function_name}: AWS {name} has no such operation")
            if known[function_name] in operations:
                raise ValueError(f"{module.__name__}.{function_name}: written twice")
            operations[known[function_name]] = function
    return Service(name, operations, fault_codes, check)


def _public_functions(module: ModuleType) -> list[tuple[str, Operation]]:
    return [
        (name, function)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def call(served: Service, operation: str, context: Any, body: bytes, request_id: str) -> Reply:
    """Run one operation on a request body and render what comes of it."""
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
            f"glue-local does not emulate {served.name}:{operation} yet, and will not pretend to."
            " docs/fidelity.md lists what it does."
        )
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        raise Malformed(f"The request body is not JSON: {error}", code="SerializationException") from None
    request = check(operation_model(served.name, operation).input_shape, document)
    served.check(context, operation, request)
    return function(context, request)
