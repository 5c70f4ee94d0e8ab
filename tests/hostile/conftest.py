"""A server in a separate process, so that its memory can be measured without the client's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server_process import ServerProcess, server_in_process


@pytest.fixture
def server_process(tmp_path: Path) -> Iterator[ServerProcess]:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("the peak memory of a process is read from /proc, which needs Linux")
    with server_in_process(tmp_path) as server:
        yield server
