"""The memory of the server with a large object, and with many large documents at once."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.hostile.generated import Request
from tests.hostile.test_fuzz import send
from tests.server_process import ServerProcess

MIB = 1024 * 1024


class Zeros(io.RawIOBase):
    """A file of zeros that are generated when read."""

    def __init__(self, size: int) -> None:
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = (0, self._at, self._size)[whence] + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self._size - self._at)
        buffer[:count] = bytes(count)
        self._at += count
        return count


@pytest.mark.parametrize("size", [40 * MIB])
def test_a_large_object_is_never_held_in_memory(server_process: ServerProcess, size: int) -> None:
    s3 = boto3.client(
        "s3",
        "us-east-1",
        endpoint_url=server_process.endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(read_timeout=600, retries={"total_max_attempts": 1}),
    )
    s3.create_bucket(Bucket="made")
    s3.put_object(Bucket="made", Key="k", Body=b"x")
    before = server_process.peak()
    s3.put_object(Bucket="made", Key="put", Body=Zeros(size))
    s3.upload_fileobj(Zeros(size), "made", "parts")
    s3.copy_object(Bucket="made", Key="copy", CopySource="made/parts", ChecksumAlgorithm="SHA256")
    for key in ("put", "copy"):
        with closing(s3.get_object(Bucket="made", Key=key)["Body"]) as body:
            assert sum(map(len, body.iter_chunks(MIB))) == size
    with closing(s3.get_object(Bucket="made", Key="copy", Range=f"bytes=1-{size - 2}")["Body"]) as body:
        assert sum(map(len, body.iter_chunks(MIB))) == size - 2
    assert server_process.peak() - before < 30


DOCUMENTS = {
    "a string": json.dumps({"x": "x" * 7_000_000}).encode(),
    "numbers": b'{"x": [' + b"1," * 300_000 + b'1], "y": "' + b"y" * 6_000_000 + b'"}',
}
TARGETS = (("logs", "Logs_20140328.PutLogEvents"), ("glue", "AWSGlue.CreateDatabase"))


def test_memory_of_large_documents_is_freed_with_the_response(server_process: ServerProcess) -> None:
    def refused(service: str, target: str, body: bytes) -> bool:
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
        return send(server_process, Request(service, target, "POST", "/", headers, body))[0] in (400, 503)

    for service, target in TARGETS:
        assert refused(service, target, b"{}")  # modules are imported with a service's first request
    before = server_process.peak()
    sent = [(*target, body) for target in TARGETS for body in DOCUMENTS.values()] * 5
    with ThreadPoolExecutor(len(sent)) as clients:
        assert all(clients.map(lambda request: refused(*request), sent))
    assert server_process.peak() - before < 100
