"""Processes found and killed by a variable that they inherited."""

import os
import subprocess
import sys

import pytest

from glue_local.worker.isolation.marked_processes import end_marked
from tests.e2e.embedded import alive
from tests.e2e.stack import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows other processes' environments")


def sleeping(mark: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "60"], env={**os.environ, "MARK": mark}, start_new_session=True)


def test_only_marked_processes_are_killed() -> None:
    with sleeping("one#1") as meant, sleeping("one#10") as other, sleeping("one#1") as spared:
        try:
            end_marked("MARK", lambda value: value == "one#1", frozenset({spared.pid}))
            wait_until(lambda: not alive(meant.pid), 10, "the marked process to be gone")
            assert [alive(each.pid) for each in (other, spared)] == [True, True]
        finally:
            for each in (other, spared):
                each.kill()
