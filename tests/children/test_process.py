"""The frame of a child process: what stops it, and how."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

_CHILD = """
import sys, threading
from glue_local.children.process import run
def work():
    print("begun", flush=True)
    {work}
run(work, lambda: print("ended", flush=True), ends_with_input={ends_with_input})
"""
_FOR_EVER = "threading.Event().wait()"

Child = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def child() -> Iterator[Child]:
    started: list[subprocess.Popen[str]] = []

    def start(work: str = _FOR_EVER, ends_with_input: bool = True) -> "subprocess.Popen[str]":
        code = _CHILD.format(work=work, ends_with_input=ends_with_input)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen([sys.executable, "-c", code], text=True, **pipes)  # type: ignore[call-overload]
        started.append(process)
        assert process.stdout.readline() == "begun\n"
        return process  # type: ignore[no-any-return]

    yield start
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()


def ending(process: "subprocess.Popen[str]") -> tuple[int, str]:
    code = process.wait(10)
    assert process.stdout is not None
    return code, process.stdout.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_a_child_in_order(child: Child, number: signal.Signals) -> None:
    process = child()
    process.send_signal(number)
    assert ending(process) == (0, "ended\n")


def test_the_end_of_its_input_stops_a_child(child: Child) -> None:
    process = child()
    assert process.stdin is not None
    process.stdin.close()
    assert ending(process) == (0, "ended\n")


def test_the_end_of_its_input_can_be_ignored(child: Child) -> None:
    process = child(ends_with_input=False)
    assert process.stdin is not None
    process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.terminate()
    assert ending(process) == (0, "ended\n")


def test_a_child_ends_with_its_work(child: Child) -> None:
    assert ending(child("pass")) == (0, "ended\n")


def test_a_failure_is_logged_and_shows_in_the_exit_code(child: Child) -> None:
    process = child("raise ValueError('no such road')")
    assert ending(process) == (1, "ended\n")
    assert process.stderr is not None
    assert "ValueError: no such road" in process.stderr.read()
