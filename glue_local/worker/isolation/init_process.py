"""The worker's outermost process, with additional work as process 1 of a container or for network isolation."""

import os
import signal
import sys
from collections.abc import Callable

from glue_local.worker.isolation import egress
from glue_local.worker.log import say


def run_below(work: Callable[[], None]) -> None:
    """Run ``work`` in this process, or in a child if this process has other work.

    The kernel gives process 1 every orphan of the container, such as the Python workers of a killed Spark
    run. A process that does not wait for them keeps them as zombies.
    """
    if os.getpid() != 1:
        _work(work)
        return
    child = os.fork()
    if child == 0:
        _work(work)
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: os.kill(child, received))
    os._exit(_reap_until(child))


def _work(work: Callable[[], None]) -> None:
    try:
        if egress.is_asked_for(os.environ):
            os._exit(egress.work_confined(work, os.environ))
    except egress.CannotConfine as reason:
        say(str(reason))
        sys.exit(1)
    work()


def _reap_until(child: int) -> int:
    """Reap processes until ``child`` ends; return its exit code, 128 plus the number of a signal that killed it."""
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
