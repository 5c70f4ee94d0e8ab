"""A whole stack, embedded or in containers: controlled by the command line and read through AWS's APIs."""

import gzip
import json
import re
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parent.parent.parent
Row = dict[str, Any]
AnyStack = TypeVar("AnyStack", bound="Stack")


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Return the first true value of ``condition``; fails after ``seconds`` with the name of ``what`` it waited for."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.1)


@contextmanager
def provisioned(stack: "AnyStack") -> "Iterator[AnyStack]":
    """Run a provisioned stack, and remove it completely afterwards."""
    try:
        stack.up()
        stack.provision()
        yield stack
    finally:
        stack.down()


class Stack(ABC):
    """An endpoint with its processes or containers."""

    port: int

    @abstractmethod
    def up(self) -> None:
        """Start the parts that are not running and wait until it responds."""

    @abstractmethod
    def down(self) -> None:
        """Stop it and remove it completely."""

    @abstractmethod
    def reset(self) -> None:
        """Reset it to an empty state."""

    @abstractmethod
    def kill(self, what: str) -> bool:
        """Kill the ``worker``, the ``driver`` of a run, the ``delivery`` or the ``server``; return False if none is running.

        Its child processes have ended too when this returns.
        """

    def cli(self, *arguments: str, check: bool = True, seconds: float = 240) -> "subprocess.CompletedProcess[str]":
        """Run a ``glue-local`` command in the repository's root."""
        done = subprocess.run(
            [sys.executable, "-m", "glue_local.cli", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check:
            assert done.returncode == 0, f"glue-local {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done

    def provision(self) -> None:
        """Create the project's resources."""
        self.cli("provision", "--port", str(self.port))

    def empty(self) -> None:
        """Reset it and create the project's resources."""
        self.reset()
        self.provision()

    def publish(self, minutes: int, points: int, seed: int, start: str, *more: str) -> int:
        """Publish simulated traffic to the stream as fast as possible; return the number of events."""
        done = self.cli(
            *("feed", "generate", "--port", str(self.port), "--stream", "traffic-events", "--speed", "max"),
            *("--minutes", str(minutes), "--points", str(points), "--seed", str(seed), "--start", start),
            *("--config", "s3://traffic-raw/config/", *more),
        )
        *_, events = re.findall(r"^(\d+) events published", done.stdout, re.MULTILINE)
        return int(events)

    def execute(self, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Execute the state machine and wait until it ends."""
        return self.cli("execute", "traffic_glue", "--port", str(self.port), check=check, seconds=600)

    def client(self, service: str) -> Any:
        """Return an AWS client for the endpoint."""
        return boto3.client(
            service,
            endpoint_url=f"http://localhost:{self.port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def raw_events(self) -> list[Row]:
        """Return all delivered events in the raw bucket."""
        return [
            json.loads(line)
            for body in self._objects("traffic-raw", "raw/")
            for line in gzip.decompress(body).decode().splitlines()
        ]

    def table(self, name: str) -> list[Row]:
        """Return a table's rows, read through the catalog partition by partition."""
        glue = self.client("glue")
        partitions = [
            partition
            for page in glue.get_paginator("get_partitions").paginate(DatabaseName="traffic", TableName=name)
            for partition in page["Partitions"]
        ]
        keys = [key["Name"] for key in glue.get_table(DatabaseName="traffic", Name=name)["Table"]["PartitionKeys"]]
        return [
            {**row, **dict(zip(keys, partition["Values"], strict=True))}
            for partition in partitions
            for row in self._rows(partition["StorageDescriptor"]["Location"])
        ]

    def _rows(self, location: str) -> Iterable[Row]:
        bucket, _, prefix = location.removeprefix("s3://").partition("/")
        for body in self._objects(bucket, prefix.rstrip("/") + "/"):
            if body:
                yield from pq.read_table(pa.BufferReader(body)).to_pylist()

    def _objects(self, bucket: str, prefix: str) -> list[bytes]:
        s3 = self.client("s3")
        keys = [
            item["Key"]
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            for item in page.get("Contents", [])
            if not item["Key"].rsplit("/", 1)[1].startswith(("_", "."))
        ]
        return [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys]
