"""Start-up time of a server, and its memory when idle."""

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.figures import Figure


def measure() -> Iterator[Figure]:
    """Start `glue-local up` five times, then measure the resident memory of an idle server."""
    first = statistics.median(_seconds_to_first_answer() for _ in range(5))
    yield Figure("`glue-local up` → first response", f"{first:.2f} s", "≤ 1.5 s", first <= 1.5, "median of 5")
    with _server() as port:
        memory = _resident_mib(port)
    yield Figure("server idle", f"{memory:.0f} MiB", "≤ 250 MiB", memory <= 250, "resident, the server process")


def _seconds_to_first_answer() -> float:
    began = time.perf_counter()
    with _server():
        return time.perf_counter() - began


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as data_dir:
        command = [sys.executable, "-m", "glue_local.cli", "up", "--port", str(port), "--data-dir", data_dir]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _await_answer(port)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _await_answer(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            _health(port)
        except urllib.error.URLError:
            time.sleep(0.01)
        else:
            return
    raise TimeoutError("the server does not respond")


def _health(port: int) -> dict[str, object]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_glue_local/health") as response:
        document: dict[str, object] = json.load(response)
    return document


def _resident_mib(port: int) -> float:
    status = Path(f"/proc/{_health(port)['pid']}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))
