"""The frame of a child process: it works until a signal or the end of its server stops it."""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable


def stop_event(*, ends_with_input: bool = True) -> threading.Event:
    """Return an event that SIGTERM, SIGINT and the end of standard input set.

    Standard input is a pipe that the server never writes to: it closes when the server ends for any reason.
    A process started by something else may have no such pipe: pass ``ends_with_input=False``.
    """
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    signal.signal(signal.SIGINT, lambda *_: ending.set())
    if ends_with_input:
        threading.Thread(target=_await_end_of_input, args=(ending,), daemon=True).start()
    return ending


def run(work: Callable[[], None], end: Callable[[], None], *, ends_with_input: bool = True) -> None:
    """Run ``work`` on a thread until it returns or the process is stopped; then call ``end`` and exit.

    The exit code is 1 when ``work`` raised an exception, which is logged. Threads that are still busy are not joined.
    """
    ending, failed = stop_event(ends_with_input=ends_with_input), threading.Event()

    def working() -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 - the outermost frame of a process, which the server then restarts
            traceback.print_exc()
            failed.set()
        finally:
            ending.set()

    threading.Thread(target=working, name="work", daemon=True).start()
    ending.wait()
    end()
    sys.stderr.flush()
    os._exit(1 if failed.is_set() else 0)


def _await_end_of_input(ending: threading.Event) -> None:
    sys.stdin.buffer.read()
    ending.set()
