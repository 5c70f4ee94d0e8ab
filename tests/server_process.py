"""A server in a process of its own, for tests that measure its memory or share it with other servers' tests.

moto keeps its state once per process, so a server that outlives a test module must not share a process with others.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_SERVE = """
import sys
from pathlib import Path
from glue_local.server import Server
from glue_local.settings import Settings
if __name__ == "__main__":
    with Server(Settings(port=0, data_dir=Path(sys.argv[1]), children=tuple(sys.argv[2:]))) as server:
        print(server.port, flush=True)
        sys.stdin.read()
"""


class ServerProcess(NamedTuple):
    """A running server: its port, its process id, and the file with its standard error."""

    port: int
    pid: int
    errors: Path

    @property
    def endpoint(self) -> str:
        return f"http://localhost:{self.port}"

    def reset_peak(self) -> None:
        """Reset the peak to the current memory."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def peak(self) -> int:
        """Return the process's peak resident memory in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


@contextmanager
def server_in_process(folder: Path, *children: str) -> Iterator[ServerProcess]:
    """Run a server with these child processes and its data and standard error in ``folder``."""
    errors = folder / "stderr"
    with (
        errors.open("w") as to,
        subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(folder / "data"), *children],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=to,
        ) as running,
    ):
        assert running.stdin is not None
        assert running.stdout is not None
        port = running.stdout.readline()
        assert port, errors.read_text()
        yield ServerProcess(int(port), running.pid, errors)
        running.stdin.close()
        running.wait(60)
