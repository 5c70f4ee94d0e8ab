"""A server in a separate process, so that its memory can be measured without the client's."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

_SERVE = """
import sys
from pathlib import Path
from glue_local.server import Server
from glue_local.settings import Settings
with Server(Settings(port=0, data_dir=Path(sys.argv[1]), children=())) as server:
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


@pytest.fixture
def server_process(tmp_path: Path) -> Iterator[ServerProcess]:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("the peak memory of a process is read from /proc, which needs Linux")
    errors = tmp_path / "stderr"
    with errors.open("w") as to:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(tmp_path / "data")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=to,
        )
        with process as running:
            assert running.stdin is not None
            assert running.stdout is not None
            yield ServerProcess(int(running.stdout.readline()), running.pid, errors)
            running.stdin.close()
            running.wait(30)
