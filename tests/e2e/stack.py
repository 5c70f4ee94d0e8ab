"""A whole glue-local as a person has it: its own processes, driven by the command line, read through AWS's APIs."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parent.parent.parent
Row = dict[str, Any]


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


def alive(pid: int) -> bool:
    """Tell whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    """Return the process ids below ``pid``, nearest first."""
    children = [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(int(entry.name)) == pid
    ]
    return children + [below for child in children for below in descendants(child)]


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None


@dataclass
class Stack:
    """One server with its worker and delivery, on its own port and data directory."""

    port: int
    data_dir: Path

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

    def up(self) -> None:
        """Start the server in the background."""
        self.cli("up", "--port", str(self.port), "--data-dir", str(self.data_dir), "--detach")

    def down(self) -> None:
        """Stop it."""
        self.cli("down", "--data-dir", str(self.data_dir))

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
        return self.cli("execute", "traffic_glue", "--port", str(self.port), check=check)

    def client(self, service: str) -> Any:
        """Return an AWS client of the endpoint."""
        return boto3.client(
            service,
            endpoint_url=f"http://localhost:{self.port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def server_pid(self) -> int:
        """Return the server's process id."""
        return int(json.loads((self.data_dir / "server.json").read_text())["pid"])

    def children(self) -> dict[str, int]:
        """Return the process ids of worker and delivery as the server tells them."""
        status = json.loads(self.cli("status", "--data-dir", str(self.data_dir), "--json").stdout)
        return dict(status["children"])

    def delivered(self) -> int:
        """Return how many records of the feed are in S3, by the server's count."""
        status = json.loads(self.cli("status", "--data-dir", str(self.data_dir), "--json").stdout)
        return int(status["delivered"].get("traffic-raw-delivery", 0))

    def kill(self, pid: int) -> None:
        """SIGKILL, and wait until the process is gone."""
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), 10, f"process {pid} to be gone")

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
