"""Processes of a stack killed at random times, while a job runs."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.e2e.stack import Stack, wait_until


@contextmanager
def killing(stack: Stack, what: str, when: Callable[[], bool], within: float, seed: int) -> Iterator[None]:
    """Kill ``what`` of a stack after a random pause of at most ``within`` seconds."""
    killed: list[bool] = []

    def kill() -> None:
        time.sleep(random.Random(seed).uniform(0.2, within))
        killed.append(wait_until(lambda: when() and stack.kill(what), 300, f"a {what} to kill"))

    thread = threading.Thread(target=kill)
    thread.start()
    yield
    thread.join()
    assert killed == [True]


def is_running(stack: Stack, job: str = "repartition") -> bool:
    """Return whether the job is RUNNING."""
    runs = stack.client("glue").get_job_runs(JobName=job)["JobRuns"]
    return any(job_run["JobRunState"] == "RUNNING" for job_run in runs)
