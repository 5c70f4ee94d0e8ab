"""Uploads to moto's S3, received in pieces and without the aws-chunked framing of AWS's SDKs."""

import errno
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from werkzeug.wrappers import Request

from glue_local.backend.moto_patches.patch import attribute
from glue_local.core.content import CHUNK, Content, ContentFolder, Readable
from glue_local.core.faults import Fault, TooLarge, Unavailable
from glue_local.core.wsgi import CALLER, XML_SERVICES

UPLOAD = "glue_local.upload"
"""The key of the ``Upload`` in a WSGI environment."""

# A PUT with one of these parameters has a small document as body, which sets a property of an object.
_SUBRESOURCES = frozenset(("acl", "legal-hold", "retention", "tagging"))
_MOST = 5 * 1024**3  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
_LONGEST_LINE = 8 * 1024
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{1,16}")


class Upload(NamedTuple):
    """The uploaded content, and its trailing headers (``x-amz-checksum-crc32: …``)."""

    content: Content
    trailers: Mapping[str, str]


def is_upload(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request is PutObject or UploadPart: its body is the content of an object."""
    return (
        environ["REQUEST_METHOD"] == "PUT"
        and environ[CALLER].signed_service in XML_SERVICES
        and "HTTP_X_AMZ_COPY_SOURCE" not in environ
        and not _SUBRESOURCES & parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True).keys()
        and _names_a_key(environ)
    )


def _names_a_key(environ: Mapping[str, Any]) -> bool:
    path = environ.get("PATH_INFO", "").removeprefix("/")
    is_in_host = attribute("moto.s3.responses:S3Response.subdomain_based_buckets")
    if is_in_host(Request(dict(environ), populate_request=False)):
        return bool(path)
    return bool(path.partition("/")[2]) and not path.startswith("moto-api/")


def receive(environ: dict[str, Any], folder: ContentFolder) -> None:
    """Replace a request's body by an ``Upload`` in its environment."""
    trailers: dict[str, str] = {}
    try:
        content = folder.receive(_chunks(environ, trailers))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("the disk of glue-local's data directory is full: free space and upload again") from None
        raise
    declared = environ.get("HTTP_X_AMZ_DECODED_CONTENT_LENGTH")
    if declared is not None and declared != str(len(content)):
        raise _incomplete()
    environ[UPLOAD] = Upload(content, trailers)
    environ["CONTENT_LENGTH"] = "0"
    environ["HTTP_X_AMZ_CONTENT_SHA256"] = "UNSIGNED-PAYLOAD"
    environ.pop("wsgi.input_terminated", None)


def _chunks(environ: Mapping[str, Any], trailers: dict[str, str]) -> Iterator[bytes]:
    stream = _Body(environ)
    if not environ.get("HTTP_X_AMZ_CONTENT_SHA256", "").startswith("STREAMING-"):
        while chunk := stream.read(CHUNK):
            yield chunk
        return
    # https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html: hexadecimal size, signature, data
    while size := _size_in(stream.line()):
        while size:
            chunk = stream.read(min(size, CHUNK))
            if not chunk:
                raise _incomplete()
            size -= len(chunk)
            yield chunk
        stream.line()
    while line := stream.line().strip():
        name, _, value = line.decode("latin-1").partition(":")
        trailers[name.strip().lower()] = value.strip()


class _Body:
    """Reads a request's body, and checks that it has the declared length."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._stream: Readable = environ["wsgi.input"]
        self._chunked = bool(environ.get("wsgi.input_terminated")) and not environ.get("CONTENT_LENGTH")
        self._left = _MOST + 1 if self._chunked else int(environ.get("CONTENT_LENGTH") or 0)
        self._ahead = b""

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes; empty at the end."""
        if self._ahead:
            taken, self._ahead = self._ahead[:size], self._ahead[size:]
            return taken
        return self._receive(size)

    def line(self) -> bytes:
        """Return the bytes up to and including the next line end, or the rest."""
        while b"\n" not in self._ahead and len(self._ahead) < _LONGEST_LINE and (more := self._receive(_LONGEST_LINE)):
            self._ahead += more
        line, end, self._ahead = self._ahead.partition(b"\n")
        return line + end

    def _receive(self, size: int) -> bytes:
        read = self._stream.read(min(size, self._left)) if self._left else b""
        self._left -= len(read)
        if not read and self._left and not self._chunked:
            raise _incomplete()
        if self._chunked and not self._left:
            raise TooLarge("Your proposed upload exceeds the maximum allowed size", code="EntityTooLarge")
        return read


def _size_in(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not _HEXADECIMAL.fullmatch(digits):
        raise _incomplete()
    return int(digits, 16)


def _incomplete() -> Fault:
    return Fault(
        "You did not provide the number of bytes specified by the Content-Length HTTP header", code="IncompleteBody"
    )
