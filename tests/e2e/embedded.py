"""The stack without Docker: a server with its worker and delivery processes on this machine."""

import json
import os
import signal
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.stack import Stack, free_port, wait_until


@dataclass
class EmbeddedStack(Stack):
    """A server with its worker and delivery processes, with a separate port and data directory."""

    port: int
    data_dir: Path

    def up(self) -> None:
        self.cli("up", "--port", str(self.port), "--data-dir", str(self.data_dir), "--detach")

    def down(self) -> None:
        running = (self.data_dir / "server.json").exists()
        everything = [self.server_pid(), *descendants(self.server_pid())] if running else []
        self.cli("down", "--data-dir", str(self.data_dir))
        wait_until(lambda: not any(map(alive, everything)), 20, "every process of the stack to end")

    def reset(self) -> None:
        url = f"http://localhost:{self.port}/moto-api/reset"
        urllib.request.urlopen(urllib.request.Request(url, method="POST")).close()

    def kill(self, what: str) -> bool:
        pid = self.server_pid() if what == "server" else self._child(what)
        if pid is None:
            return False
        everything = [pid, *descendants(pid)]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not any(map(alive, everything)), 20, f"the {what} and its child processes to end")
        return True

    def server_pid(self) -> int:
        """Return the server's process id."""
        return int(json.loads((self.data_dir / "server.json").read_text())["pid"])

    def children(self) -> dict[str, int]:
        """Return the process ids of worker and delivery, from the server's status."""
        return dict(self._status()["children"])

    def delivered(self) -> int:
        """Return the server's count of delivered records."""
        return int(self._status()["delivered"].get("traffic-raw-delivery", 0))

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads(self.cli("status", "--data-dir", str(self.data_dir), "--json").stdout)
        return status

    def _child(self, what: str) -> int | None:
        pid = self.children().get("worker" if what == "driver" else what)
        return self._driver(pid) if what == "driver" and pid else pid

    def _driver(self, worker: int) -> int | None:
        """Return the process of a started run; the worker's other drivers are warming up."""
        begun = [str(mark.parent) for mark in (self.data_dir / "runs").glob("*/prepared")]
        for pid in descendants(worker):
            command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            at = (
                command.index("glue_local.worker.drivers.spark_main")
                if "glue_local.worker.drivers.spark_main" in command
                else None
            )
            if at is not None and command[at + 1] in begun:
                return pid
        return None


def embedded(folder: Path) -> EmbeddedStack:
    """Return a stack on a free port with its state in ``folder``; it is not started yet."""
    return EmbeddedStack(free_port(), folder)


def alive(pid: int) -> bool:
    """Return whether a process is running; zombies are not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    """Return the descendants of ``pid``, nearest first."""
    children = children_of(pid)
    return children + [below for child in children for below in descendants(child)]


def children_of(pid: int) -> list[int]:
    """Return the processes that ``pid`` started itself."""
    processes = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [process for process in processes if _parent(process) == pid]


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None
