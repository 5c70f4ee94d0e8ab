"""Keep moto's S3 objects as content outside memory: stored, copied, joined and returned in pieces."""

import base64
import binascii
import codecs
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from glue_local.backend.moto_patches.patch import Patch, attribute
from glue_local.backend.uploads import UPLOAD
from glue_local.core.content import Content, joined, of_bytes
from glue_local.core.wsgi import CALLER

_MODELS, _RESPONSES = "moto.s3.models", "moto.s3.responses:S3Response"
_CONTENT = "_glue_local_content"
# Whether FakeKey.value returns content; other readers (S3 Select, a template, a function's code) get bytes.
_as_content = ContextVar("as_content", default=False)


@contextmanager
def _content() -> Iterator[None]:
    token = _as_content.set(True)
    try:
        yield
    finally:
        _as_content.reset(token)


def _reads_content(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a method read FakeKey.value as content."""

    def reading(*arguments: Any) -> Any:
        with _content():
            return method(*arguments)

    return reading


def _answers_content(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let a response method read and return content, except under ``mock_aws``, where bodies must be bytes."""
    reading = _reads_content(method)
    return lambda self, *arguments: (reading if CALLER in self.request.environ else method)(self, *arguments)


def _value(original: property) -> property:
    def read(self: Any) -> Any:
        content = vars(self).get(_CONTENT)
        if content is None:
            value = original.fget(self)  # type: ignore[misc]
            return of_bytes(value) if _as_content.get() else value
        return content if _as_content.get() else bytes(content)

    def write(self: Any, value: Any) -> None:
        is_content = isinstance(value, Content)
        original.fset(self, b"" if is_content else value)  # type: ignore[misc]
        setattr(self, _CONTENT, value if is_content else None)
        if is_content:
            self.contentsize = len(value)
            self._etag = self._etag or value.md5()

    return property(read, write)


def _takes_upload(method: Callable[..., Any]) -> Callable[..., Any]:
    def taking(self: Any) -> Any:
        upload = self.request.environ.get(UPLOAD)
        if upload is not None:
            self.body = upload.content
            self.raw_body = b"".join(f"{name}:{value}\r\n".encode() for name, value in upload.trailers.items())
        return method(self)

    return taking


def _get_checksum(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_checksum(self: Any, response_headers: dict[str, Any]) -> Any:
        algorithm = self.headers.get("x-amz-sdk-checksum-algorithm", "")
        name = f"x-amz-checksum-{algorithm.lower()}"
        if isinstance(self.body, Content) and algorithm and name not in self.headers and not self.raw_body:
            self.raw_body = f"{name}:{_checksum(self.body, algorithm).decode()}".encode()
        return original(self, response_headers)

    return get_checksum


def _checksum(chunks: Iterable[bytes], algorithm: str) -> bytes:
    """Return a base64 checksum as ``moto.s3.utils.compute_checksum`` does: CRC32 if the algorithm's package is missing."""
    return base64.b64encode(_digest(chunks, algorithm))


def _digest(chunks: Iterable[bytes], algorithm: str) -> bytes:
    if not algorithm.startswith("CRC"):
        digest = hashlib.new("sha1" if algorithm == "SHA1" else "sha256", usedforsecurity=False)
        for chunk in chunks:
            digest.update(chunk)
        return digest.digest()
    update, size, value = _crc(algorithm)
    for chunk in chunks:
        value = update(chunk, value)
    return value.to_bytes(size, "big")


def _crc(algorithm: str) -> tuple[Callable[[bytes, int], int], int, int]:
    """Return a CRC's update function, its size in bytes and its initial value."""
    named = {"CRC32C": ("crc32c:crc32c", 4), "CRC64NVME": ("awscrt.checksums:crc64nvme", 8)}.get(algorithm)
    try:
        return (attribute(named[0]), named[1], 0) if named else (binascii.crc32, 4, 0)
    except ImportError:
        return binascii.crc32, 4, 0


def _compute_checksum(original: Callable[..., Any]) -> Callable[..., Any]:
    def compute(body: Any, algorithm: str, encode_base64: bool = True) -> bytes:
        if not isinstance(body, Content):
            return original(body, algorithm, encode_base64)  # type: ignore[no-any-return]
        return _checksum(body, algorithm) if encode_base64 else _digest(body, algorithm)

    return compute


def _complete(original: Callable[..., Any]) -> Callable[..., Any]:
    invalid, too_small, malformed, smallest, builder_of = (
        attribute(f"{_MODELS}:{name}")
        for name in (
            "InvalidPart",
            "EntityTooSmall",
            "MalformedXML",
            "S3_UPLOAD_PART_MIN_SIZE",
            "MultipartChecksumBuilder",
        )
    )
    compute = attribute(f"{_MODELS}:compute_checksum")

    def complete(self: Any, body: Iterable[tuple[int, str]]) -> tuple[Content, str, tuple[str, str, int] | None]:
        parts: list[Any] = []
        md5s = bytearray()
        for number, etag in body:
            part = self.parts.get(number)
            if part is None or part.etag.replace('"', "") != etag.replace('"', ""):
                raise invalid()
            if parts and parts[-1].contentsize < smallest:
                raise too_small()
            md5s.extend(codecs.decode(part.etag.replace('"', ""), "hex"))
            parts.append(part)
        if not parts:
            raise malformed()
        with _content():
            contents = [part.value for part in parts]
        whole = joined(contents)
        builder = builder_of(self.metadata.get("x-amz-checksum-algorithm"), self.metadata.get("x-amz-checksum-type"))
        if builder.checksum_type == "COMPOSITE":
            for content in contents:
                builder.addPart(content)
            checksum = builder.build()
        else:
            checksum = (builder.checksum_type, compute(whole, builder.checksum_algorithm).decode(), 1)
        etag = hashlib.md5(md5s, usedforsecurity=False).hexdigest()
        return whole, f"{etag}-{len(parts)}", checksum

    return complete


def _disposed(original: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self: self.dispose()


_IN_MEMORY = "moto holds whole objects in memory"

PATCHES = (
    Patch("moto.s3.utils:compute_checksum", _IN_MEMORY, _compute_checksum, also_in="moto.s3"),
    Patch(f"{_MODELS}:FakeKey.value", _IN_MEMORY, _value),
    Patch(f"{_MODELS}:FakeKey.__getstate__", "listing versions loads every object", _reads_content),
    Patch(f"{_MODELS}:FakeKey.__del__", "a replaced object logs a warning", _disposed),
    Patch(f"{_MODELS}:FakeMultipart.complete", _IN_MEMORY, _complete),
    Patch(f"{_RESPONSES}.put_object", _IN_MEMORY, _takes_upload),
    Patch(f"{_RESPONSES}.upload_part", _IN_MEMORY, _takes_upload),
    Patch(f"{_RESPONSES}._get_checksum", "moto looks for an upload's checksum in its body", _get_checksum),
    Patch(f"{_RESPONSES}.get_object", _IN_MEMORY, _answers_content),
    Patch(f"{_RESPONSES}.copy_object", _IN_MEMORY, _answers_content),
    Patch(f"{_RESPONSES}.upload_part_copy", _IN_MEMORY, _answers_content),
)
