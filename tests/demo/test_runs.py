"""The runs of an execution and the report of its quality check, read from Glue, CloudWatch Logs and S3."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from glue_local.client.executions import Line
from glue_local.demo.runs import Run, read_quality, read_runs
from tests.backend.moto_patches.test_stepfunctions import worker_that_ends_runs

if TYPE_CHECKING:
    from glue_local.server import Server

Aws = Callable[..., Any]


@pytest.fixture(scope="module")
def runs(endpoint: "Server") -> list[Run]:
    """A run with 250 lines of output and one of error output."""
    from glue_local.client.clients import local

    glue, logs = (local(service, endpoint_url=endpoint.endpoint) for service in ("glue", "logs"))
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    glue.create_job(Name="check", Role="arn:aws:iam::000000000000:role/r", Command=command)
    arguments = {"--report_path": "s3://curated/quality/", "--execution": "e1"}
    with worker_that_ends_runs(endpoint, state="SUCCEEDED"):
        run_id = glue.start_job_run(JobName="check", Arguments=arguments)["JobRunId"]
        while "CompletedOn" not in glue.get_job_run(JobName="check", RunId=run_id)["JobRun"]:
            pass
    now = int(time.time() * 1000)
    for group, messages in (("output", [f"line {n}" for n in range(250)]), ("error", ["trouble"])):
        names = {"logGroupName": f"/aws-glue/jobs/{group}", "logStreamName": run_id}
        logs.create_log_group(logGroupName=names["logGroupName"])
        logs.create_log_stream(**names)
        events = [{"timestamp": now + n, "message": text} for n, text in enumerate(messages)]
        logs.put_log_events(**names, logEvents=events)
    return read_runs(glue, logs, [run_id])


def test_a_run_has_the_last_lines_of_its_output(runs: list[Run]) -> None:
    [run] = runs
    assert (run.job, run.state, run.left_out, len(run.output)) == ("check", "SUCCEEDED", 51, 200)
    assert run.output[-2:] == [Line("line 249", error=False), Line("trouble", error=True)]
    assert run.seconds >= 0


def test_the_quality_is_the_report_that_a_runs_arguments_name(runs: list[Run], aws: Aws) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="curated")
    report = {
        "execution": "e1",
        "hours": [{"hour": "2026/11/23/05"}],
        "violations": ["2026/11/23/05: 3 sites occur twice"],
    }
    s3.put_object(Bucket="curated", Key="quality/e1.json", Body=json.dumps(report))
    quality = read_quality(s3, runs)
    assert quality is not None
    assert (quality.hours, quality.violations) == (report["hours"], report["violations"])
    assert read_quality(s3, []) is None
