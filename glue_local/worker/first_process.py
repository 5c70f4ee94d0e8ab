"""The worker as a container's first process: it passes signals on, buries orphans, and ends as the worker ended."""

import os
import signal
from collections.abc import Callable


def run_below(work: Callable[[], None]) -> None:
    """Run ``work`` in a child when this is process 1, else here.

    The kernel gives process 1 every orphan of the container, and a run that is killed leaves some: Spark's Python
    workers. Whoever does not wait for them keeps them as zombies.
    """
    if os.getpid() != 1:
        work()
        return
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: os.kill(child, received))
    os._exit(_bury_until(child))


def _bury_until(child: int) -> int:
    """Wait for whoever ends until it is ``child``; return its exit code, 128 and the signal where one killed it."""
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
