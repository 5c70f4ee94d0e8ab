"""Child processes: restarted when they die, stopped with their supervisor."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from glue_local.children.supervisor import Child, Supervisor

_OBEDIENT = "import sys; sys.stdin.read()"
_STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def child(tmp_path: Path) -> Callable[..., Child]:
    def make(code: str, lost: Callable[[int], None] = lambda generation: None) -> Child:
        (tmp_path / "a_child.py").write_text(code)
        return Child("child", "a_child", lambda generation: {**os.environ, "PYTHONPATH": str(tmp_path)}, lost)

    return make


def test_a_killed_child_is_reported_and_started_again(child: Callable[..., Child], tmp_path: Path) -> None:
    ended: list[int] = []
    supervisor = Supervisor([child(_OBEDIENT, ended.append)], tmp_path)
    supervisor.start()
    wait_until(lambda: "child" in supervisor.pids())
    first = supervisor.pids()["child"]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: supervisor.pids().get("child", first) != first)
    assert ended == [1]
    second = supervisor.pids()["child"]
    supervisor.close()
    assert not alive(second)


def test_a_child_that_ignores_sigterm_is_killed(child: Callable[..., Child], tmp_path: Path) -> None:
    supervisor = Supervisor([replace(child(_STUBBORN), grace=0.5)], tmp_path)
    supervisor.start()
    wait_until(lambda: "child" in supervisor.pids())
    pid = supervisor.pids()["child"]
    time.sleep(0.5)  # until its signal handler is installed
    supervisor.close()
    assert not alive(pid)


def test_a_child_on_demand_starts_when_it_is_demanded(child: Callable[..., Child], tmp_path: Path) -> None:
    supervisor = Supervisor([replace(child(_OBEDIENT), on_demand=True)], tmp_path)
    supervisor.start()
    assert supervisor.pids() == {}
    supervisor.demand("child")
    supervisor.demand("child")
    supervisor.demand("nobody")
    wait_until(lambda: "child" in supervisor.pids())
    supervisor.close()
    assert supervisor.pids() == {}


def test_a_child_that_was_never_demanded_is_closed_without_starting(
    child: Callable[..., Child], tmp_path: Path
) -> None:
    supervisor = Supervisor([replace(child(_OBEDIENT), on_demand=True)], tmp_path)
    supervisor.start()
    supervisor.close()
    supervisor.demand("child")
    assert supervisor.pids() == {}
