"""Uploads in all forms that clients send: whole, in signed or unsigned pieces, in HTTP chunks, truncated."""

import base64
import hashlib
import zlib
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import pytest

from glue_local.server import Server

Aws = Callable[..., Any]
BODIES = [b"", b"hello world", bytes(range(256)) * 1024]
UNSIGNED, SIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"


def _framed(body: bytes, signature: bytes, trailer: bytes = b"") -> bytes:
    pieces = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]
    framed = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), signature, piece) for piece in pieces)
    return framed + b"0" + signature + b"\r\n" + trailer + b"\r\n"


def _put(endpoint: Server, body: Any, **headers: str) -> tuple[int, dict[str, str], bytes]:
    scope = "000000000000/20260101/us-east-1/s3/aws4_request"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection("localhost", endpoint.port)
    try:
        connection.request(
            "PUT",
            "/uploads/k",
            body,
            {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host", **named},
        )
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


@pytest.fixture(scope="module", autouse=True)
def bucket(endpoint: Server) -> None:
    from tests.conftest import _clients_of

    _clients_of(endpoint.endpoint)("s3").create_bucket(Bucket="uploads")


@pytest.mark.parametrize("in_chunks", [False, True])
@pytest.mark.parametrize("mode", [UNSIGNED, SIGNED])
@pytest.mark.parametrize("body", BODIES, ids=len)
def test_the_aws_chunked_framing_is_removed(
    endpoint: Server, aws: Aws, body: bytes, mode: str, in_chunks: bool
) -> None:
    checksum = base64.b64encode(zlib.crc32(body).to_bytes(4, "big"))
    trailer = b"x-amz-checksum-crc32:" + checksum + b"\r\n" if mode == UNSIGNED else b""
    framed = _framed(body, b"" if mode == UNSIGNED else b";chunk-signature=00", trailer)
    status, headers, _ = _put(
        endpoint,
        iter([framed]) if in_chunks else framed,
        x_amz_content_sha256=mode,
        x_amz_decoded_content_length=str(len(body)),
        x_amz_sdk_checksum_algorithm="CRC32",
    )
    assert (status, headers["x-amz-checksum-crc32"]) == (200, checksum.decode())
    assert headers["etag"] == f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
    assert aws("s3").get_object(Bucket="uploads", Key="k")["Body"].read() == body


@pytest.mark.parametrize("framed", [b"5\r\nhel", b"zz\r\n", b"-5\r\nhello\r\n0\r\n\r\n", _framed(b"four", b"")])
def test_an_upload_with_invalid_framing_or_length_is_refused(endpoint: Server, framed: bytes) -> None:
    status, _, answer = _put(endpoint, framed, x_amz_content_sha256=UNSIGNED, x_amz_decoded_content_length="5")
    assert status == 400
    assert b"<Code>IncompleteBody</Code>" in answer


def test_parts_copies_and_ranges_have_the_bytes_and_checksums_of_the_object(aws: Aws) -> None:
    s3, large, part = aws("s3"), BODIES[2], b"p" * (5 * 1024 * 1024)
    s3.put_object(Bucket="uploads", Key="source", Body=large)
    upload = {"Bucket": "uploads", "Key": "parts"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, ChecksumAlgorithm="CRC32", ChecksumType="FULL_OBJECT")[
        "UploadId"
    ]
    first = s3.upload_part(**upload, PartNumber=1, Body=part)["ETag"]
    cut = {"CopySource": "uploads/source", "CopySourceRange": "bytes=10-99"}
    second = s3.upload_part_copy(**upload, PartNumber=2, **cut)["CopyPartResult"]["ETag"]
    parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": second}]
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    s3.copy_object(Bucket="uploads", Key="copy", CopySource="uploads/parts")
    s3.delete_object(Bucket="uploads", Key="parts")
    whole = part + large[10:100]
    found = s3.get_object(Bucket="uploads", Key="copy", ChecksumMode="ENABLED")
    assert found["Body"].read() == whole
    assert found["ChecksumCRC32"] == base64.b64encode(zlib.crc32(whole).to_bytes(4, "big")).decode()
    assert s3.get_object(Bucket="uploads", Key="copy", Range="bytes=-95")["Body"].read() == whole[-95:]
    sizes = {each["Key"]: each["Size"] for each in s3.list_object_versions(Bucket="uploads")["Versions"]}
    assert sizes["copy"] == len(whole)


def test_a_declared_length_that_is_no_number_is_refused(endpoint: Server) -> None:
    status, _, answer = _put(endpoint, b"content", x_amz_decoded_content_length="soon")
    assert (status, b"<Code>IncompleteBody</Code>" in answer) == (400, True)
