"""A whole stack per test module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stack import Stack, alive, descendants, free_port, wait_until


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A provisioned server with worker and delivery; when it goes, nothing of it may be left."""
    stack = Stack(free_port(), tmp_path_factory.mktemp("stack"))
    stack.up()
    try:
        stack.provision()
        yield stack
    finally:
        everything = _processes_of(stack)
        stack.down()
        wait_until(lambda: not any(map(alive, everything)), 20, "every process of the stack to end")


def _processes_of(stack: Stack) -> list[int]:
    if not (Path(stack.data_dir) / "server.json").exists():
        return []
    server = stack.server_pid()
    return [server, *descendants(server)]
