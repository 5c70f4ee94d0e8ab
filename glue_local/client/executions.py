"""Read job runs and executions through the AWS APIs: states, times and log lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

# The log groups that Glue writes a run's output to: https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
OUTPUT_GROUPS = ("/aws-glue/jobs/output", "/aws-glue/python-jobs/output")
ERROR_GROUPS = ("/aws-glue/jobs/error", "/aws-glue/python-jobs/error")

ENDED = frozenset(("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED"))

Client = Any


@dataclass(frozen=True)
class Line:
    """One line of a run's output; ``error`` is true for its error stream."""

    text: str
    error: bool


class Tail:
    """A run's output: each call of ``lines`` yields the lines that are new."""

    def __init__(self, logs: Client, run_id: str) -> None:
        self._logs = logs
        self._run_id = run_id
        self._tokens: dict[str, str] = {}

    def lines(self) -> Iterator[Line]:
        """Yield the lines since the last call, the output stream's first."""
        for groups, error in ((OUTPUT_GROUPS, False), (ERROR_GROUPS, True)):
            for group in groups:
                for message in self._new(group):
                    for text in message.splitlines():
                        yield Line(text, error)

    def _new(self, group: str) -> Iterator[str]:
        while True:
            token = self._tokens.get(group)
            following = {"nextToken": token} if token else {}
            try:
                answer = self._logs.get_log_events(
                    logGroupName=group, logStreamName=self._run_id, startFromHead=True, **following
                )
            except ClientError as error:
                if error.response["Error"]["Code"] == "ResourceNotFoundException":
                    return
                raise
            yield from (event["message"] for event in answer["events"])
            # At the end of a stream, GetLogEvents returns the token it was given.
            self._tokens[group] = answer["nextForwardToken"]
            if not answer["events"] or answer["nextForwardToken"] == token:
                return


@dataclass(frozen=True)
class Step:
    """One state of an execution: when it was entered and exited, its error, and the runs and queries it started."""

    name: str
    kind: str
    entered: datetime
    left: datetime | None = None
    runs: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    error: str | None = None

    @property
    def state(self) -> str:
        """RUNNING, SUCCEEDED or FAILED."""
        if self.error:
            return "FAILED"
        return "SUCCEEDED" if self.left else "RUNNING"

    def seconds(self, now: datetime) -> float:
        """Return its duration so far."""
        return ((self.left or now) - self.entered).total_seconds()


def steps(events: Sequence[Mapping[str, Any]]) -> list[Step]:
    """Return the steps in the events of GetExecutionHistory, in the order they were entered."""
    found: list[Step] = []
    for event in events:
        kind = event["type"]
        if kind.endswith("StateEntered"):
            entered = event["stateEnteredEventDetails"]["name"]
            found.append(Step(entered, kind.removesuffix("StateEntered"), event["timestamp"]))
        elif found:
            _update(found, event, kind)
    return found


def _update(found: list[Step], event: Mapping[str, Any], kind: str) -> None:
    if kind.endswith("StateExited"):
        name = event["stateExitedEventDetails"]["name"]
        at = next((i for i in range(len(found) - 1, -1, -1) if found[i].name == name and not found[i].left), None)
        if at is not None:
            found[at] = replace(found[at], left=event["timestamp"])
        return
    last = found[-1]
    if kind == "TaskSubmitted":
        output = _json(event["taskSubmittedEventDetails"].get("output"))
        run, query = output.get("JobRunId"), output.get("QueryExecutionId")
        runs, queries = (*last.runs, run) if run else last.runs, (*last.queries, query) if query else last.queries
        found[-1] = replace(last, runs=runs, queries=queries, error=None)
    elif kind in ("TaskFailed", "TaskTimedOut", "TaskSubmitFailed", "TaskStartFailed"):
        details = event[kind[0].lower() + kind[1:] + "EventDetails"]
        found[-1] = replace(last, error=explained(details.get("error"), details.get("cause")))
    elif kind in ("TaskScheduled", "TaskSucceeded"):
        found[-1] = replace(last, error=None)
    elif kind in ("ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted") and not last.left:
        details = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
        found[-1] = replace(last, left=event["timestamp"], error=last.error or details.get("error") or kind)


def explained(error: str | None, cause: str | None) -> str:
    """Return an error and its cause as text; a cause that is a JobRun document is reduced to its ErrorMessage."""
    text = (cause or "").strip()
    begins = text.find("{")
    if begins >= 0:
        document = _json(text[begins:])
        if "ErrorMessage" in document or "JobRunState" in document:
            message = document.get("ErrorMessage") or f"the run ended {document.get('JobRunState')}"
            text = f"{text[:begins].removesuffix(f'{error}: ')}{message}"
    return ": ".join(part for part in (error, text) if part)


def _json(text: str | None) -> dict[str, Any]:
    try:
        document = json.loads(text or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def history(stepfunctions: Client, execution_arn: str) -> list[dict[str, Any]]:
    """Return all events of an execution, oldest first."""
    pages = stepfunctions.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    return [event for page in pages for event in page["events"]]


def state_machine_arn(stepfunctions: Client, name: str) -> str | None:
    """Return the ARN of the state machine with this name or ARN, or None."""
    pages = stepfunctions.get_paginator("list_state_machines").paginate()
    machines = [machine for page in pages for machine in page["stateMachines"]]
    return next((each["stateMachineArn"] for each in machines if name in (each["name"], each["stateMachineArn"])), None)


def job_of(glue: Client, run_id: str) -> str | None:
    """Return the name of the job that a run belongs to, or None; GetJobRun requires both."""
    for page in glue.get_paginator("get_jobs").paginate():
        for job in page["Jobs"]:
            try:
                glue.get_job_run(JobName=job["Name"], RunId=run_id)
            except ClientError as error:
                if error.response["Error"]["Code"] != "EntityNotFoundException":
                    raise
            else:
                return str(job["Name"])
    return None
