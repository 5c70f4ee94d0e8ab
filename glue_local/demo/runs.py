"""The Glue runs of an execution, with the end of their output and the result of the quality check."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from glue_local.client.executions import Line, Tail, job_of

_SHOWN = 200  # lines of output
_REPORT, _EXECUTION = "--report_path", "--execution"
"""The arguments of the job that checks the quality: where it writes its report, and the name of the file."""

Client = Any


@dataclass(frozen=True)
class Run:
    """A job run: its state, its times, its arguments, and the last lines of its output."""

    id: str
    job: str
    state: str
    began: datetime
    ended: datetime
    arguments: dict[str, str] = field(repr=False)
    output: Sequence[Line] = field(repr=False)
    left_out: int = 0
    """Earlier lines of the output that are not in ``output``."""

    @property
    def seconds(self) -> float:
        """Its duration in seconds."""
        return (self.ended - self.began).total_seconds()


@dataclass(frozen=True)
class Quality:
    """The report of the quality check: a row for each aggregated hour, and a sentence for each violation."""

    hours: Sequence[dict[str, Any]]
    violations: Sequence[str]


def read_runs(glue: Client, logs: Client, ids: Iterable[str]) -> list[Run]:
    """Return the runs with these ids."""
    return [_read(glue, logs, each) for each in ids]


def _read(glue: Client, logs: Client, run_id: str) -> Run:
    job = str(job_of(glue, run_id))
    run = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
    lines = list(Tail(logs, run_id).lines())
    return Run(
        run_id,
        job,
        run["JobRunState"],
        run["StartedOn"],
        run["CompletedOn"],
        run.get("Arguments", {}),
        lines[-_SHOWN:],
        max(0, len(lines) - _SHOWN),
    )


def read_quality(s3: Client, runs: Iterable[Run]) -> Quality | None:
    """Return the report that one of the runs wrote, or None if none of them checks the quality."""
    for run in runs:
        if run.arguments.keys() >= {_REPORT, _EXECUTION}:
            bucket, _, prefix = run.arguments[_REPORT].partition("://")[2].partition("/")
            key = f"{prefix.rstrip('/')}/{run.arguments[_EXECUTION]}.json".lstrip("/")
            report = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
            return Quality(report["hours"], report["violations"])
    return None
