"""Children of the server: restarted when they die, gone when it is."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from glue_local.supervise import Child, Supervisor

_OBEDIENT = "import sys; sys.stdin.read()"
_STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def child(tmp_path: Path) -> Callable[..., Child]:
    def make(code: str, lost: Callable[[int], None] = lambda life: None) -> Child:
        (tmp_path / "a_child.py").write_text(code)
        return Child("child", "a_child", lambda life: {**os.environ, "PYTHONPATH": str(tmp_path)}, lost)

    return make


def test_a_killed_child_is_reported_and_started_again(child: Callable[..., Child], tmp_path: Path) -> None:
    lives: list[int] = []
    supervisor = Supervisor([child(_OBEDIENT, lives.append)], tmp_path)
    supervisor.start()
    wait_until(lambda: "child" in supervisor.pids())
    first = supervisor.pids()["child"]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: supervisor.pids().get("child", first) != first)
    assert lives == [1]
    second = supervisor.pids()["child"]
    supervisor.close()
    assert not alive(second)


def test_a_child_that_ignores_its_end_is_killed(
    child: Callable[..., Child], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glue_local.supervise._GRACE", 0.5)
    supervisor = Supervisor([child(_STUBBORN)], tmp_path)
    supervisor.start()
    wait_until(lambda: "child" in supervisor.pids())
    pid = supervisor.pids()["child"]
    time.sleep(0.5)  # until it ignores the signal
    supervisor.close()
    assert not alive(pid)
