"""A whole glue-local as a person has it, however it runs: driven by the command line, read through AWS's APIs."""

import gzip
import json
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
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Return the first true value of ``condition``; fails after ``seconds`` naming ``what`` was waited for."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.1)


@contextmanager
def provisioned(stack: "AnyStack") -> "Iterator[AnyStack]":
    """Have a stack running and provisioned, and nothing of it afterwards, however far it came."""
    try:
        stack.up()
        stack.provision()
        yield stack
    finally:
        stack.down()


class Stack(ABC):
    """One endpoint on a port of its own, with all that makes it work behind it."""

    port: int
    # Whether a killed server leaves its workers, and so their runs, alive.
    workers_outlive_the_server: bool

    @abstractmethod
    def up(self) -> None:
        """Start it, or what of it does not run, and wait until it answers."""

    @abstractmethod
    def down(self) -> None:
        """End it; nothing may be left."""

    @abstractmethod
    def reset(self) -> None:
        """Make it as empty as a new one."""

    @abstractmethod
    def kill(self, what: str) -> bool:
        """Kill the ``worker``, the ``driver`` of a run, the ``delivery`` or the ``server``; False if there is none now.

        What it had started is gone as well when this returns.
        """

    def cli(self, *arguments: str, check: bool = True, seconds: float = 240) -> "subprocess.CompletedProcess[str]":
        """Run one ``glue-local`` command from the repository's top."""
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

    def publish(self, minutes: int, points: int, seed: int, start: str, *more: str) -> None:
        """Publish generated traffic to the stream, as fast as possible."""
        self.cli(
            *("feed", "generate", "--port", str(self.port), "--stream", "traffic-events", "--speed", "max"),
            *("--minutes", str(minutes), "--points", str(points), "--seed", str(seed), "--start", start),
            *("--config", "s3://traffic-raw/config/", *more),
        )

    def execute(self, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run the state machine and wait for its end."""
        return self.cli("execute", "traffic_glue", "--port", str(self.port), check=check, seconds=600)

    def client(self, service: str) -> Any:
        """Return an AWS client of the endpoint."""
        return boto3.client(
            service,
            endpoint_url=f"http://localhost:{self.port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def raw_events(self) -> list[Row]:
        """Return every event that delivery has put into the raw bucket."""
        return [
            json.loads(line)
            for body in self._objects("traffic-raw", "raw/")
            for line in gzip.decompress(body).decode().splitlines()
        ]

    def table(self, name: str) -> list[Row]:
        """Return a table's rows as a reader of the catalog sees them: partition by partition, at its location."""
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
