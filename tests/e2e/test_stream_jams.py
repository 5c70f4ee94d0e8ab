"""The streaming job on a whole stack: live output, nothing lost after a kill, a clean stop."""

import json
from typing import Any

import pytest

from tests.e2e.stack import Stack, wait_until

pytestmark = [pytest.mark.long, pytest.mark.any_stack]

EVENT = {"actueel_publicatie": "1", "defect": "0", "verkeersintensiteit_klasse2": "10"}


def put(stack: Stack, point: str, minute: int, speed: int) -> None:
    event = {**EVENT, "unieke_id": point, "tijd_waarneming": str(minute)}
    data = json.dumps({**event, "voertuigsnelheid_harmonisch_klasse2": str(speed)}).encode()
    stack.client("kinesis").put_record(StreamName="traffic-events", Data=data, PartitionKey=point)


def start(stack: Stack) -> str:
    arguments = {"--window": "1 second"}
    return str(stack.client("glue").start_job_run(JobName="stream_jams", Arguments=arguments)["JobRunId"])


def state(stack: Stack, run: str) -> str:
    return str(stack.client("glue").get_job_run(JobName="stream_jams", RunId=run)["JobRun"]["JobRunState"])


def lines(stack: Stack, run: str) -> list[str]:
    logs: Any = stack.client("logs")
    try:
        found = logs.get_log_events(logGroupName="/aws-glue/jobs/output", logStreamName=run, startFromHead=True)
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in found["events"]]


def await_line(stack: Stack, run: str, wanted: str) -> None:
    def seen() -> bool:
        assert state(stack, run) in ("STARTING", "RUNNING"), lines(stack, run)
        return wanted in lines(stack, run)

    wait_until(seen, 120, f"the line {wanted!r}")


def test_jams_are_printed_live_and_a_new_run_continues_a_killed_one(stack: Stack) -> None:
    first = start(stack)
    put(stack, "7", 60, 20)
    await_line(stack, first, "JAM   point 7 20 km/h minute 60")
    put(stack, "7", 120, 90)
    await_line(stack, first, "CLEAR point 7 90 km/h minute 120")
    assert stack.kill("driver")
    wait_until(lambda: state(stack, first) == "FAILED", 60, "the killed run to be FAILED")
    put(stack, "8", 180, 30)
    second = start(stack)
    await_line(stack, second, "JAM   point 8 30 km/h minute 180")
    # Events of the killed run may be repeated; later events must be there.
    stack.client("glue").batch_stop_job_run(JobName="stream_jams", JobRunIds=[second])
    wait_until(lambda: state(stack, second) == "STOPPED", 30, "the run to be STOPPED")
    assert not stack.kill("driver"), "a process of the stopped run is left"
