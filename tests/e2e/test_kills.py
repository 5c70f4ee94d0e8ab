"""Processes killed at random times: the result is the same as without kills, and run states are correct."""

import time

import pytest

from tests.e2e.killing import is_running, killing
from tests.e2e.stack import Row, Stack, wait_until

# tests/integration/test_kills.py kills containers.
pytestmark = [pytest.mark.long, pytest.mark.embedded]

MINUTES, POINTS, SEED, START = 4, 120, 11, "2026-12-31T23:58:00+01:00"
FINISHED = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}


def result(stack: Stack) -> dict[str, list[Row]]:
    return {name: sorted(stack.table(name), key=str) for name in ("events", "sites")}


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


def test_delivery_driver_and_worker_killed(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    stack.empty()
    with (
        killing(stack, "delivery", lambda: True, 2.0, 1),
        killing(stack, "driver", lambda: is_running(stack, "repartition"), 3.0, 3),
        killing(stack, "worker", lambda: is_running(stack, "aggregate"), 3.0, 2),
    ):
        assert run(stack) == undisturbed
    for job in ("repartition", "aggregate"):
        last, killed = stack.client("glue").get_job_runs(JobName=job)["JobRuns"]
        assert (last["JobRunState"], killed["JobRunState"]) == ("SUCCEEDED", "FAILED")
        assert killed["ErrorMessage"]


def test_server_killed_while_a_job_runs(stack: Stack, undisturbed: dict[str, list[Row]]) -> None:
    stack.empty()
    # Late in the job, when the surviving catalog refers to events that may be lost.
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
    assert {job_run["JobRunState"] for job_run in runs} <= FINISHED, "no run is left running"
    assert all(job_run["JobRunState"] == "SUCCEEDED" or job_run["ErrorMessage"] for job_run in runs)
    assert executed.returncode != 0
    interrupted = glue.get_job_runs(JobName="aggregate")["JobRuns"][0]
    assert interrupted["JobRunState"] == "FAILED"
    assert interrupted["ErrorMessage"]
    assert run(stack) == undisturbed
