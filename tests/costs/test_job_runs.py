"""What a JobRun would have cost: AWS's minimum and rate by version, type and class."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from glue_local.costs import total
from glue_local.costs.job_runs import billed, run_cost

START = datetime(2026, 11, 23, tzinfo=timezone.utc)
SHELL = "/aws-glue/python-jobs"


def run(seconds: int, dpus: float = 2.0, **members: Any) -> dict[str, Any]:
    return {
        "JobName": "j",
        "JobRunState": "SUCCEEDED",
        "StartedOn": START,
        "CompletedOn": START + timedelta(seconds=seconds + 1),
        "ExecutionTime": seconds,
        "MaxCapacity": dpus,
        "LogGroupName": "/aws-glue/jobs",
        "GlueVersion": "5.0",
        **members,
    }


# https://aws.amazon.com/glue/pricing/
@pytest.mark.parametrize(
    ("one", "usd"),
    [
        (run(30), 2 * 60 / 3600 * 0.44),
        (run(90), 2 * 90 / 3600 * 0.44),
        (run(90, ExecutionClass="FLEX", DPUSeconds=160.0), 160 / 3600 * 0.29),
        (run(90, GlueVersion="6.0"), 2 * 90 / 3600 * 0.308),
        (run(90, GlueVersion="1.0"), 2 * 600 / 3600 * 0.44),
        (run(0, 0.0625, LogGroupName=SHELL, GlueVersion="1.0"), 0.0625 * 60 / 3600 * 0.44),
        (run(90, DPUSeconds=120.0), 2 * 60 / 3600 * 0.44),
        (run(90, JobRunState="FAILED"), 2 * 90 / 3600 * 0.44),
        (run(90, JobRunState="TIMEOUT"), 2 * 90 / 3600 * 0.44),
    ],
)
def test_a_run_costs_its_billed_seconds_at_its_rate(one: dict[str, Any], usd: float) -> None:
    assert run_cost(one).usd == pytest.approx(usd)


@pytest.mark.parametrize(
    "one",
    [
        run(0, JobRunState="WAITING"),
        run(0, JobRunState="STARTING"),
        run(0, JobRunState="ERROR"),
        run(0, JobRunState="STOPPED"),
        run(0, JobRunState="FAILED", CompletedOn=START),
    ],
)
def test_a_run_that_never_began_is_free(one: dict[str, Any]) -> None:
    assert billed(one) is None
    assert run_cost(one) == ("Glue", "j: not begun", 0.0)


def test_the_text_says_what_is_billed_and_why() -> None:
    short, long = run_cost(run(30)), run_cost(run(90))
    assert short.usage == "j: 2 DPU for 60 s at $0.44 per DPU-hour, the minimum of a run (it took 30 s)"
    assert long.usage == "j: 2 DPU for 90 s at $0.44 per DPU-hour"
    assert total([short, long]) == pytest.approx(2 * 150 / 3600 * 0.44)
