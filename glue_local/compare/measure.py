"""Measure an execution of a workflow, from its history, job runs and queries and the server's count of S3 requests."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from glue_local.client.executions import Step, history, job_of, steps
from glue_local.compare.workflows import Workflow
from glue_local.core.private_api import PrivateApi, ServerUnreachable
from glue_local.costs.executions import Query, queries, transitions
from glue_local.costs.job_runs import JobRun, billed
from glue_local.demo.timeline import Span

Clients = Callable[[str], Any]
Files = Mapping[str, int]
"""Objects by URI with their sizes in bytes."""

# The application ids of the query process and of Trino's S3 client.
_ATHENA_SENDERS = ("athena", "Trino")
_SENT = 46  # an SDK sends this many characters of a run's id


@dataclass(frozen=True)
class Requests:
    """S3 requests by kind, and the bytes of objects that they read and wrote."""

    by_kind: Mapping[str, int] = field(default_factory=dict)
    read: int = 0
    written: int = 0


@dataclass(frozen=True)
class Measured:
    """The figures of one execution; ``seconds`` is its wall-clock time."""

    workflow: Workflow
    events: int
    seconds: float
    first_result: float
    """Seconds until the first table could be queried."""
    transitions: int
    runs: Sequence[JobRun]
    queries: Sequence[Query]
    requests: Requests | None
    """None if another server provides S3, as in a stack of containers."""
    files: int
    file_bytes: int
    lines: Mapping[str, int]
    spans: Sequence[Span]
    smaller: "Measured | None" = None
    """An execution on fewer events, from which growth is computed."""

    @property
    def scanned(self) -> int:
        """The bytes scanned by its queries."""
        return sum(query.scanned for query in self.queries)

    @property
    def dpu_seconds(self) -> float:
        """The DPU-seconds of its job runs, without AWS's minimum per run."""
        return sum(run.seconds * run.dpus for run in self.runs)


@dataclass(frozen=True)
class Before:
    """The files and request counts before an execution, so that only what it adds is counted."""

    files: Files
    totals: "Totals | None"


Totals = Mapping[tuple[str, str], tuple[int, int, int]]
"""(requests, bytes written, bytes read) by sender and kind."""


def before(clients: Clients, url: str, workflow: Workflow) -> Before:
    """Return the files and request counts before an execution."""
    return Before(_files(clients, workflow), _totals(url))


def measure(
    clients: Clients, url: str, workflow: Workflow, arn: str, earlier: Before, lines: Mapping[str, int], events: int
) -> Measured:
    """Return the figures of a finished execution on ``events`` new events."""
    execution = clients("stepfunctions").describe_execution(executionArn=arn)
    happened = history(clients("stepfunctions"), arn)
    found = steps(happened)
    began: datetime = execution["startDate"]
    run_ids = [run for step in found for run in step.runs]
    runs = [_found(clients("glue"), run_id) for run_id in run_ids]
    added = {uri: size for uri, size in _files(clients, workflow).items() if uri not in earlier.files}
    first = next(step for step in found if step.name == workflow.first_result)
    return Measured(
        workflow=workflow,
        events=events,
        seconds=(execution["stopDate"] - began).total_seconds(),
        first_result=first.seconds(execution["stopDate"]) + (first.entered - began).total_seconds(),
        transitions=transitions(happened),
        runs=[each for each in map(billed, runs) if each],
        queries=list(queries(clients("athena"), [query for step in found for query in step.queries])),
        requests=_requests(earlier.totals, _totals(url), run_ids),
        files=len(added),
        file_bytes=sum(added.values()),
        lines=lines,
        spans=list(_spans(found, runs)),
    )


def _found(glue: Any, run_id: str) -> dict[str, Any]:
    run: dict[str, Any] = glue.get_job_run(JobName=job_of(glue, run_id), RunId=run_id)["JobRun"]
    return run


def _files(clients: Clients, workflow: Workflow) -> Files:
    """Return the files of the tables that a workflow writes."""
    glue, s3 = clients("glue"), clients("s3")
    try:
        tables = [
            table
            for page in glue.get_paginator("get_tables").paginate(DatabaseName=workflow.database)
            for table in page["TableList"]
        ]
    except glue.exceptions.EntityNotFoundException:
        return {}
    locations = {
        table["StorageDescriptor"]["Location"]
        for table in tables
        if table["Name"] not in workflow.sources and table.get("StorageDescriptor", {}).get("Location")
    }
    return {uri: size for location in locations for uri, size in _objects(s3, location)}


def _objects(s3: Any, location: str) -> Iterator[tuple[str, int]]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.rstrip("/") + "/"):
        for item in page.get("Contents", []):
            if item["Size"]:  # S3A's folder markers are empty
                yield f"s3://{bucket}/{item['Key']}", item["Size"]


def _totals(url: str) -> Totals | None:
    try:
        server = PrivateApi(url)
        if server.get("health").get("upstream"):
            return None
        counted = server.get("s3-requests")["S3Requests"]
    except ServerUnreachable:
        return None
    return {
        (each["Sender"], each["Kind"]): (each["Requests"], each["BytesWritten"], each["BytesRead"]) for each in counted
    }


def _requests(earlier: Totals | None, later: Totals | None, run_ids: Sequence[str]) -> Requests | None:
    if earlier is None or later is None:
        return None
    senders = {*_ATHENA_SENDERS, *(run_id[:_SENT] for run_id in run_ids)}
    by_kind: Counter[str] = Counter()
    written = read = 0
    for (sender, kind), total in later.items():
        if sender in senders:
            requests, more_written, more_read = (
                now - then for now, then in zip(total, earlier.get((sender, kind), (0, 0, 0)), strict=True)
            )
            by_kind[kind] += requests
            written, read = written + more_written, read + more_read
    return Requests({kind: count for kind, count in by_kind.items() if count}, read, written)


def _spans(found: Sequence[Step], runs: Sequence[dict[str, Any]]) -> Iterator[Span]:
    by_id = {run["Id"]: run for run in runs}
    for step in found:
        if step.kind not in ("Task", "Map"):
            continue
        if step.kind == "Map" or step.runs or not _inside_a_map(step, found):
            yield Span(step.name, "state", step.entered, step.left or step.entered, bool(step.error), step.error or "")
        for run_id in step.runs:
            run = by_id[run_id]
            failed = run["JobRunState"] != "SUCCEEDED"
            yield Span(run["JobName"], "run", run["StartedOn"], run["CompletedOn"], failed, run["JobRunState"])


def _inside_a_map(step: Step, found: Sequence[Step]) -> bool:
    return any(
        each.kind == "Map" and each.left and each.entered <= step.entered and (step.left or step.entered) <= each.left
        for each in found
    )
