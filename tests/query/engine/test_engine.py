"""The real engine and its server killed during a query: every query ends with a correct state, and no process is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from glue_local.cli.shared.server_process import announced
from tests.query.asking import Asking, asking
from tests.query.test_run import ENDLESS

pytestmark = [pytest.mark.engine, pytest.mark.long]


class Host:
    """A server process with its own data directory, which tests can restart."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.process: subprocess.Popen[bytes] | None = None

    def up(self) -> Asking:
        command = [sys.executable, "-m", "glue_local.cli", "up", "--port", "0", "--data-dir", str(self.data_dir)]
        self.process = subprocess.Popen(command, env={**os.environ, "GLUE_LOCAL_CHILDREN": "query"})
        self.until(lambda: (announced(self.data_dir) or {}).get("pid") == self.process.pid)  # type: ignore[union-attr]
        port = (announced(self.data_dir) or {})["port"]

        def client(service: str, account: str, region: str) -> Any:
            return boto3.client(
                service,
                endpoint_url=f"http://localhost:{port}",
                region_name=region,
                aws_access_key_id=account,
                aws_secret_access_key="test",
                config=Config(s3={"addressing_style": "path"}),
            )

        return asking(client)

    def engines(self) -> list[int]:
        """Return the JVMs that work in the data directory."""
        found = []
        for each in Path("/proc").glob("[0-9]*"):
            try:
                command = (each / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if command[0].endswith(b"/java") and any(str(self.data_dir).encode() in word for word in command):
                found.append(int(each.name))
        return found

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "timed out"
            time.sleep(0.1)

    def down(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path / "data")
    yield host
    host.down()


def test_killed_engines_and_servers_leave_no_query_running(host: Host) -> None:
    ask = host.up()
    assert host.engines() == []
    query_id = ask.start(ENDLESS)
    ask.wait(query_id, "RUNNING")
    [engine] = host.engines()
    os.kill(engine, signal.SIGKILL)
    status = ask.wait(query_id)["Status"]
    assert status["State"] == "FAILED"
    assert "The query engine stopped while the query was running" in status["StateChangeReason"]
    assert (status["AthenaError"]["ErrorCategory"], status["AthenaError"]["Retryable"]) == (1, True)
    assert ask.rows("select 1")[1] == ["1"]

    query_id = ask.start(ENDLESS)
    ask.wait(query_id, "RUNNING")
    assert host.process is not None
    host.process.kill()
    host.process.wait()
    host.until(lambda: host.engines() == [])
    again = host.up()
    status = again.found(query_id)["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("FAILED", "The server ended before this query did.")
    assert again.rows("select 2")[1] == ["2"]
    host.down()
    assert host.engines() == []
