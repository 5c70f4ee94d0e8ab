"""Two measured executions, as ``measure`` would return them."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from glue_local import prices
from glue_local.compare.measure import JobRun, Measured, Query, Requests
from glue_local.compare.workflows import ATHENA, GLUE
from glue_local.demo.timeline import Span

START = datetime(2026, 11, 23, 6, 0, tzinfo=timezone.utc)
SPANS = [Span("LoadPoints", "state", START, START + timedelta(seconds=2)), Span("<x>", "run", START, START)]


@pytest.fixture
def glue() -> Measured:
    return Measured(
        workflow=GLUE,
        events=850,
        seconds=30.0,
        first_result=18.0,
        transitions=9,
        runs=[
            JobRun("load_points", 3, 0.0625, prices.GLUE_DPU_HOUR, False),
            JobRun("repartition", 12, 2, prices.GLUE_DPU_HOUR, True),
        ],
        queries=[],
        requests=Requests({"GET": 1000, "PUT": 200, "DELETE": 50}, 5_000_000, 2_000_000),
        files=12,
        file_bytes=1_500_000,
        lines={GLUE.definition: 200, "jobs/repartition.py": 300},
        spans=SPANS,
    )


@pytest.fixture
def athena(glue: Measured) -> Measured:
    return replace(
        glue,
        workflow=ATHENA,
        seconds=20.0,
        first_result=10.0,
        transitions=30,
        runs=glue.runs[:1],
        queries=[Query("CREATE TABLE t", 0, False), Query("INSERT INTO t", 40 * 1024**2, True)],
        requests=Requests({"GET": 500, "PUT": 100}, 3_000_000, 1_000_000),
        lines={ATHENA.definition: 500, "queries/sites.sql": 100},
    )
