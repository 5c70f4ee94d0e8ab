"""Processes killed at random moments: the result is the same as without, and no run tells a lie."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.stack import Row, Stack, wait_until

pytestmark = pytest.mark.long

MINUTES, POINTS, SEED, START = 4, 120, 11, "2026-12-31T23:58:00+01:00"
FINISHED = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}


def result(stack: Stack) -> dict[str, list[Row]]:
    return {name: sorted(stack.table(name), key=str) for name in ("events", "sites")}


def start_over(stack: Stack) -> None:
    """Empty the stack and provision it again."""
    stack.reset()
    stack.provision()


@contextmanager
def killing(stack: Stack, what: str, when: Callable[[], bool], within: float, seed: int) -> Iterator[None]:
    """Kill ``what`` of a stack, after a random pause of at most ``within`` seconds, as soon as it is time to."""
    killed: list[bool] = []

    def kill() -> None:
        time.sleep(random.Random(seed).uniform(0.2, within))
        killed.append(wait_until(lambda: when() and stack.kill(what), 90, f"a {what} to kill"))

    thread = threading.Thread(target=kill)
    thread.start()
    yield
    thread.join()
    assert killed == [True]


@pytest.fixture(scope="module")
def undisturbed(stack: Stack) -> dict[str, list[Row]]:
    return run(stack)


def run(stack: Stack) -> dict[str, list[Row]]:
    stack.publish(MINUTES, POINTS, SEED, START)
    published = 0

    def delivered() -> bool:
        nonlocal published
        before, published = published, len(stack.raw_events())
        return published >= MINUTES * POINTS and published == before

    wait_until(delivered, 60, "delivery of every event")
    stack.execute()
    return result(stack)


def is_running(stack: Stack, job: str = "repartition") -> bool:
    """Tell whether the job is RUNNING at this moment."""
    runs = stack.client("glue").get_job_runs(JobName=job)["JobRuns"]
    return any(job_run["JobRunState"] == "RUNNING" for job_run in runs)


def test_delivery_killed_while_events_arrive(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    with killing(stack, "delivery", lambda: True, 2.0, 1):
        assert run(stack) == undisturbed


def test_worker_killed_while_a_job_runs(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    with killing(stack, "worker", lambda: is_running(stack), 3.0, 2):
        assert run(stack) == undisturbed


def test_driver_killed_while_a_job_runs(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    with killing(stack, "driver", lambda: is_running(stack), 3.0, 3):
        assert run(stack) == undisturbed


def test_server_killed_while_a_job_runs(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    start_over(stack)
    # Late, when the catalog that survives points at events that may not.
    with killing(stack, "server", lambda: is_running(stack, "aggregate"), 1.0, 4):
        stack.publish(MINUTES, POINTS, SEED, START)
        time.sleep(3)
        executed = stack.execute(check=False)
    stack.up()
    stack.provision()
    glue = stack.client("glue")
    runs = [
        job_run
        for job in ("load_points", "repartition", "aggregate", "check_quality")
        for job_run in glue.get_job_runs(JobName=job)["JobRuns"]
    ]
    assert {job_run["JobRunState"] for job_run in runs} <= FINISHED, "no run claims to be alive"
    assert all(job_run["JobRunState"] == "SUCCEEDED" or job_run["ErrorMessage"] for job_run in runs)
    if not stack.workers_outlive_the_server:
        assert executed.returncode != 0
        interrupted = glue.get_job_runs(JobName="aggregate")["JobRuns"][0]
        assert interrupted["JobRunState"] == "FAILED"
        assert interrupted["ErrorMessage"]
    assert run(stack) == undisturbed
