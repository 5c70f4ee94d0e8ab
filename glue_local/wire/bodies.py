"""Request bodies: their size limit, the memory limit for all of them, and the check that they are valid text."""

import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from glue_local.core.faults import Fault, Malformed, TooLarge, Unavailable
from glue_local.core.wsgi import CALLER, WsgiApplication
from glue_local.wire.budget import Budget
from glue_local.wire.operations import operation_of
from glue_local.wire.reply import respond
from glue_local.wire.target import protocol_of

_MIB = 1024 * 1024
_CHUNK = 64 * 1024
_MOST = 8 * _MIB
# A larger document waits on disk until there is memory for its parsed form.
_MOST_IN_MEMORY = 64 * 1024
# Two budgets, so that small requests never wait for large ones.
_SMALL, _MEMORY_OF_SMALL, _MEMORY_OF_LARGE = _MIB, 64 * _MIB, 64 * _MIB
_MOST_NODES, _MOST_MEMBERS = 200_000, 1_000_000
# The most memory per byte and per member: as received, as text, and as parsed.
_MEMORY_OF_A_BYTE, _MEMORY_OF_A_MEMBER = 4, 200
# Limit for objects, which are read in pieces. https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
_MOST_UPLOADED = 5 * 1024 * _MIB
# A client reads the response only after sending its body, so up to this much of the body is read and discarded.
_MOST_DISCARDED = 256 * _MIB
# Deeper documents exceed Python's recursion limit, in our services and in moto.
_DEEPEST = 500
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class _Document:
    """A body as received, on disk if it is large, with counts of its text's nodes and members."""

    def __init__(self) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(_MOST_IN_MEMORY)  # noqa: SIM115 - its request closes it
        self.sent = self.size = self.nodes = self.members = 0

    def add(self, sent: bytes, texts: Iterator[bytes], most: int) -> None:
        """Add a piece of the body and the decompressed pieces of text in it."""
        self.file.write(sent)
        self.sent += len(sent)
        for text in texts:
            self.size += len(text)
            self.nodes += text.count(b"[") + text.count(b"{") + text.count(b"<")
            self.members += text.count(b",") + text.count(b"&") + text.count(b"=")
            if max(self.size, self.sent) > most:
                raise TooLarge(f"Request size exceeded {most} bytes")
            if self.nodes > _MOST_NODES or self.members > _MOST_MEMBERS:
                raise TooLarge(f"The request has more than {_MOST_NODES} lists and structures, or too many members")

    @property
    def memory(self) -> int:
        """An upper bound of the memory that its request needs, in bytes."""
        return _MEMORY_OF_A_BYTE * (self.size + self.sent) + _MEMORY_OF_A_MEMBER * (self.nodes + self.members)


def bound_bodies(
    application: WsgiApplication,
    larger: Mapping[str, int],
    streams: Callable[[Mapping[str, Any]], bool],
    names: Mapping[str, str],
    new_id: Callable[[], str],
) -> WsgiApplication:
    """Refuse bodies above AWS's size limit and invalid text; limit the memory of all concurrent bodies.

    ``larger`` maps a signing name to its size limit in bytes, for services that accept more than 8 MiB; ``names`` maps
    it to botocore's name where that is another.
    Bodies for which ``streams`` is true are passed on unread; others are read completely first, and requests with
    large ones are processed a few at a time.
    """
    small, large = Budget(_MEMORY_OF_SMALL), Budget(_MEMORY_OF_LARGE)

    def bounded(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            if streams(environ):
                _declared(environ, _MOST_UPLOADED)
                return application(environ, start_response)
            document = _received(environ, larger.get(environ[CALLER].signed_service, _MOST))
            with document.file:
                lane = small if document.memory <= _SMALL else large
                with lane.holding(document.memory):
                    _replace_input(environ, document)
                    try:
                        return application(environ, start_response)
                    finally:
                        _release(environ)
        except Fault as fault:
            _discard(environ)
            return respond(environ, start_response, _in_service_terms(environ, names, fault), new_id())

    return bounded


def _declared(environ: dict[str, Any], most: int) -> int:
    """Return how many bytes to read at most: one more than ``most`` for a chunked body, whose size is unknown."""
    text = environ.get("CONTENT_LENGTH") or "0"
    if environ.get("wsgi.input_terminated") and not environ.get("CONTENT_LENGTH"):
        return most + 1
    if not text.isdecimal():
        raise Malformed(f"Content-Length {text} is not a number")
    if int(text) > most:
        raise TooLarge(f"Request size exceeded {most} bytes")
    return int(text)


def _received(environ: dict[str, Any], most: int) -> _Document:
    left = _declared(environ, most)
    document, texts = _Document(), _Texts(environ)
    try:
        while left > 0 and (chunk := environ["wsgi.input"].read(min(left, _CHUNK))):
            left -= len(chunk)
            document.add(chunk, texts.of(chunk), most)
    except BaseException:
        document.file.close()
        raise
    finally:
        if environ.get("CONTENT_LENGTH"):
            environ["CONTENT_LENGTH"] = str(left)  # how much more of the body is read and discarded
    return document


class _Texts:
    """The text of a body's pieces, decompressed in pieces because a small body may decompress to a large one."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        packed = environ.get("HTTP_CONTENT_ENCODING", "").lower() == "gzip"
        self._unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None

    def of(self, sent: bytes) -> Iterator[bytes]:
        if self._unpacking is None:
            yield sent
            return
        try:
            while sent:
                yield self._unpacking.decompress(sent, _CHUNK)
                sent = self._unpacking.unconsumed_tail
        except zlib.error as error:
            raise Malformed(f"The request body is not gzip: {error}") from None


def _replace_input(environ: dict[str, Any], document: _Document) -> None:
    document.file.seek(0)
    body = document.file.read()
    if protocol_of(environ) == "json" and environ.get("HTTP_CONTENT_ENCODING") is None:
        _check_text(body, document.nodes)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
    environ.pop("wsgi.input_terminated", None)


def _release(environ: dict[str, Any]) -> None:
    # A request and its environment refer to each other, so the body would stay until the next garbage collection.
    environ.pop("werkzeug.request", None)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(), "0"


def _check_text(body: bytes, nodes: int) -> None:
    halves = _SURROGATE.search(body)
    if nodes < _DEEPEST and not halves:
        return
    try:
        document = json.loads(body)
        if halves:
            # A lone surrogate is half a character: it cannot be encoded, stored or hashed.
            json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError:
        raise Malformed("The request body is not valid Unicode text", code="SerializationException") from None
    except RecursionError:
        raise Malformed("The request body is nested too deeply", code="SerializationException") from None
    except ValueError:
        return  # the service reports the error


def _in_service_terms(environ: dict[str, Any], names: Mapping[str, str], fault: Fault) -> Fault:
    """Return a fault with the code of its service where that is not its protocol's."""
    if fault.code is not None:
        return fault
    if protocol_of(environ) == "rest-xml":
        # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
        if isinstance(fault, TooLarge):
            return TooLarge("Your proposed upload exceeds the maximum allowed size", code="EntityTooLarge")
        if isinstance(fault, Unavailable):
            return Unavailable("Please reduce your request rate.", code="SlowDown")
    elif isinstance(fault, Unavailable):
        operation = operation_of(environ, names, b"")
        for shape in operation.model.error_shapes if operation else ():
            if shape.name.startswith("ServiceUnavailable"):
                return Unavailable(fault.message, code=shape.metadata.get("error", {}).get("code", shape.name))
    return fault


def _discard(environ: dict[str, Any]) -> None:
    stream = environ["wsgi.input"]
    left = min(int(text) if (text := environ.get("CONTENT_LENGTH") or "0").isdecimal() else 0, _MOST_DISCARDED)
    if environ.get("wsgi.input_terminated") and not environ.get("CONTENT_LENGTH"):
        left = _MOST_DISCARDED
    while left > 0 and (piece := stream.read(min(left, _CHUNK))):
        left -= len(piece)
