"""Steps from an execution's history, and error causes as text."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from glue_local.client.executions import explained, steps

START = datetime(2026, 11, 23, 19, 0, tzinfo=timezone.utc)
CAUSE = json.dumps({"Id": "jr_2", "JobRunState": "FAILED", "ErrorMessage": "ValueError: no such road"})


def history(*events: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "type": kind,
            "timestamp": START + timedelta(seconds=at),
            f"{kind[0].lower()}{kind[1:]}EventDetails": details,
            "stateEnteredEventDetails": details,
            "stateExitedEventDetails": details,
        }
        for at, (kind, details) in enumerate(events)
    ]


def submitted(run: str) -> tuple[str, dict[str, Any]]:
    return "TaskSubmitted", {"output": json.dumps({"JobRunId": run})}


def test_steps_have_their_runs_and_durations() -> None:
    load, wait = steps(
        history(
            ("ExecutionStarted", {}),
            ("TaskStateEntered", {"name": "Load"}),
            ("TaskScheduled", {}),
            submitted("jr_1"),
            ("TaskSucceeded", {}),
            ("TaskStateExited", {"name": "Load"}),
            ("WaitStateEntered", {"name": "Wait"}),
        )
    )
    assert (load.name, load.kind, load.state, load.runs, load.seconds(START)) == (
        "Load",
        "Task",
        "SUCCEEDED",
        ("jr_1",),
        4.0,
    )
    assert (wait.state, wait.seconds(START + timedelta(seconds=60))) == ("RUNNING", 54.0)


def test_a_failed_attempt_is_cleared_when_the_next_succeeds() -> None:
    failed = ("TaskFailed", {"error": "States.TaskFailed", "cause": CAUSE})
    events = [("TaskStateEntered", {"name": "Load"}), submitted("jr_1"), failed, ("TaskScheduled", {})]
    [retried] = steps(history(*events, submitted("jr_2"), ("TaskSucceeded", {})))
    assert (retried.state, retried.runs) == ("RUNNING", ("jr_1", "jr_2"))
    [last] = steps(history(*events, submitted("jr_2"), failed))
    assert (last.state, last.error) == ("FAILED", "States.TaskFailed: ValueError: no such road")


def test_a_fail_state_has_its_error() -> None:
    [step] = steps(
        history(("FailStateEntered", {"name": "Failed"}), ("ExecutionFailed", {"error": "LoadFailed", "cause": "x"}))
    )
    assert (step.state, step.error) == ("FAILED", "LoadFailed")


def test_a_job_run_in_a_cause_is_reduced_to_its_error_message() -> None:
    assert explained("States.TaskFailed", CAUSE) == "States.TaskFailed: ValueError: no such road"
    assert explained("LoadFailed", f"job load: States.TaskFailed: {CAUSE}") == (
        "LoadFailed: job load: States.TaskFailed: ValueError: no such road"
    )
    assert explained("States.Timeout", None) == "States.Timeout"
    assert explained("Other", '{"a": 1}') == 'Other: {"a": 1}'
    assert explained("T", json.dumps({"JobRunState": "TIMEOUT"})) == "T: the run ended TIMEOUT"
