"""Tell an invalid request from a defect, after the backend failed on it: an invalid one gets AWS's error, a defect stays one."""

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from glue_local.core.faults import Fault, Malformed, UnknownOperation
from glue_local.core.wsgi import WsgiApplication
from glue_local.wire.check import check
from glue_local.wire.operations import Operation, operation_of, service_of
from glue_local.wire.reply import respond
from glue_local.wire.request_documents import is_in_body, read_body, read_parameters
from glue_local.wire.target import protocol_of, split_target

# An operation's errors for an invalid value, and for a name that does not exist.
_INVALID = re.compile(r"^(Validation|Invalid(Parameter(Value)?|Argument|Input|Request))(Exception|Error)?$")
_NOT_FOUND = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExistent")
_ARN_MEMBER = re.compile(r"(?:^a|A)(?:rn|RN)s?$")
_ARN = re.compile(r"arn:[\w-]+:[\w.-]+:[^:]*:[^:]*:.+", re.DOTALL)
_CODES = {"json": "ValidationException", "query": "ValidationError", "rest-xml": "InvalidArgument"}
_SHOWN, _QUOTED, _MOST_VALUES = 256, 100, 10_000


def find_request_faults(
    application: WsgiApplication, names: Mapping[str, str], codes: Mapping[str, str], new_id: Callable[[], str]
) -> WsgiApplication:
    """Answer an exception of ``application`` with AWS's error if the request is invalid; raise it otherwise.

    A request is invalid if it violates AWS's model, has another text where an ARN belongs, or if the exception names
    one of its values or a member that one of its structures lacks. ``names`` maps signing names to botocore's names
    where they differ; ``codes`` maps them to a service's code for violations of its model where that is not its
    protocol's.
    """

    def finding(environ: dict[str, Any], start_response: Any) -> Any:
        stream = environ["wsgi.input"]
        try:
            return application(environ, start_response)
        except Fault:
            raise
        except Exception as error:
            # Another stream has been read.
            body = stream.getvalue() if isinstance(stream, io.BytesIO) else None
            fault = _fault_in(environ, names, codes, body, error)
            if fault is None:
                raise
            return respond(environ, start_response, fault, new_id())

    return finding


def _fault_in(
    environ: Mapping[str, Any], names: Mapping[str, str], codes: Mapping[str, str], body: bytes | None, error: Exception
) -> Fault | None:
    try:
        text = _unpacked(environ, body or b"")
    except Malformed as fault:
        return fault
    operation = operation_of(environ, names, text)
    if operation is None:
        return _unknown(environ, names)
    if body is None and not operation.model.has_streaming_input:
        return None
    try:
        code = codes.get(operation.model.service_model.signing_name, _CODES[operation.protocol])
        document = _checked(operation, environ, text, code)
    except Fault as fault:
        return fault
    for value in _not_arns(document):
        return _declared(operation, _INVALID, f"Invalid ARN: {value[:_SHOWN]}")
    for value in islice(_values(operation.model.input_shape, document), _MOST_VALUES):
        if _names(error, value):
            kind = _NOT_FOUND if isinstance(error, KeyError) else _INVALID
            return _declared(operation, kind, f"Invalid value: {value[:_SHOWN]}")
    for name in _absent(operation.model.input_shape, document):
        if isinstance(error, KeyError) and error.args == (name,):
            return _declared(operation, _INVALID, f"Value null at '{name}': Member must not be null")
    return None


def _unpacked(environ: Mapping[str, Any], body: bytes) -> bytes:
    if environ.get("HTTP_CONTENT_ENCODING", "").lower() != "gzip":
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise Malformed(f"The request body is not gzip: {error}", code="SerializationException") from None


def _unknown(environ: Mapping[str, Any], names: Mapping[str, str]) -> Fault | None:
    service, protocol = service_of(environ, names), protocol_of(environ)
    if service is None or protocol == "rest-xml":
        return None
    if protocol == "json" and split_target(environ.get("HTTP_X_AMZ_TARGET", ""))[0] != service.metadata.get(
        "targetPrefix"
    ):
        return None  # another service with the same signing name
    code = "InvalidAction" if protocol == "query" else None
    return UnknownOperation("The requested operation is invalid: verify that it is typed correctly", code=code)


def _checked(operation: Operation, environ: Mapping[str, Any], body: bytes, code: str) -> dict[str, Any]:
    """Return a request's document; raises Malformed with the protocol's code if it violates the model."""
    shape = operation.model.input_shape
    if operation.protocol != "rest-xml" or shape is None:
        try:
            return check(shape, read_body(operation, body))
        except Malformed as fault:
            # Only the JSON protocol has an error of its own for wrong types.
            own = fault.code if operation.protocol == "json" else None
            raise Malformed(fault.message, code=own or code) from None
    try:
        inside = read_body(operation, body)
        for name in shape.members:
            if name in inside or (is_in_body(shape, name) and name in shape.required_members):
                check(shape.members[name], inside.get(name))
    except Malformed:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        raise Malformed(message, code="MalformedXML") from None
    try:
        return check(shape, {**read_parameters(operation, environ), **inside})
    except Malformed as fault:
        raise Malformed(fault.message, code=code) from None


def _declared(operation: Operation, kind: "re.Pattern[str]", message: str) -> Fault:
    """Return a fault with the operation's error of a kind, or with the protocol's code."""
    for shape in operation.model.error_shapes:
        if kind.search(shape.name):
            error = shape.metadata.get("error", {})
            fault = Fault(message, code=error.get("code", shape.name))
            fault.status = error.get("httpStatusCode", fault.status)
            return fault
    return Fault(message, code=_CODES[operation.protocol])


def _not_arns(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _not_arns(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _not_arns(each, name)
    elif isinstance(value, str) and _ARN_MEMBER.search(name) and not _ARN.fullmatch(value):
        yield value


def _values(shape: Any, value: Any) -> Iterator[str]:
    """Yield the texts and numbers in a document, and the keys of its maps."""
    if shape is None or value is None:
        return
    if shape.type_name == "structure":
        for name, each in value.items():
            yield from _values(shape.members[name], each)
    elif shape.type_name == "map":
        yield from value
        for each in value.values():
            yield from _values(shape.value, each)
    elif shape.type_name == "list":
        for each in value:
            yield from _values(shape.member, each)
    elif shape.type_name not in ("blob", "boolean"):
        yield str(value)


def _absent(shape: Any, value: Any) -> Iterator[str]:
    """Yield the members that structures within a document lack."""
    if isinstance(value, dict):
        for name, each in value.items():
            member = shape.members[name] if shape.type_name == "structure" else shape.value
            yield from _absent(member, each)
            if isinstance(each, dict) and member.type_name == "structure":
                yield from member.members.keys() - each.keys()
    elif isinstance(value, list):
        for each in value:
            yield from _absent(shape.member, each)
            if isinstance(each, dict) and shape.member.type_name == "structure":
                yield from shape.member.members.keys() - each.keys()


def _names(error: BaseException | None, value: str) -> bool:
    """Tell whether an exception, or one that it was raised from, names a value or the value's text could not be parsed.

    Other exceptions than these name attributes and variables of the program.
    """
    if error is None or not value:
        return False
    if isinstance(error, ValueError | LookupError | re.error):
        # The texts that json and re failed to parse.
        if value in (getattr(error, "doc", None), getattr(error, "pattern", None), *error.args[:1]):
            return True
        # Python truncates long values in messages.
        quoted = (f"'{value}'", f'"{value}"', repr(value)) if len(value) <= _QUOTED else (repr(value)[:_QUOTED],)
        if any(text in str(error) for text in quoted):
            return True
    return _names(error.__context__, value)
