"""``glue-local costs``: one line for each of the latest runs, crawls and executions."""

from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.worker_api.runs import claim, finished, started

if TYPE_CHECKING:
    from collections.abc import Callable

    from glue_local.server import Server


def test_costs_lists_the_latest_runs_and_crawls(endpoint: "Server", aws: "Callable[..., Any]") -> None:
    asked = ["costs", "--endpoint-url", endpoint.endpoint]
    assert "nothing has run yet" in CliRunner().invoke(app, asked).output
    glue, role = aws("glue"), "arn:aws:iam::000000000000:role/r"
    command = {"Name": "glueetl", "ScriptLocation": "s3://b/a.py"}
    glue.create_job(Name="etl", Role=role, Command=command, WorkerType="G.2X", NumberOfWorkers=3)
    glue.start_job_run(JobName="etl")
    held = claim(endpoint.private, {"worker": "test", "commands": ["glueetl"], "wait": 5})
    assert held is not None
    secret, run_id = {"claim": held["claim"]}, held["run"]["Id"]
    started(endpoint.private, secret, run_id)
    ending = {**secret, "state": "FAILED", "error_message": None, "execution_time": 120}
    finished(endpoint.private, ending, run_id)
    glue.create_crawler(Name="crawl", Role=role, DatabaseName="d", Targets={"S3Targets": [{"Path": "s3://none/"}]})
    glue.start_crawler(Name="crawl")
    while glue.get_crawler(Name="crawl")["Crawler"]["State"] != "READY":
        pass
    shown = CliRunner().invoke(app, asked, env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    [run] = [line for line in shown.output.splitlines() if " run " in line]
    assert " ".join(run.split()[2:]) == "run etl FAILED 6 DPU for 120 s at $0.44 per DPU-hour $0.0880"
    [crawl] = [line for line in shown.output.splitlines() if " crawl " in line]
    assert crawl.split()[4] == "FAILED"
    assert crawl.endswith("$0.1467")
    only = CliRunner().invoke(app, [*asked, "etl"], env={"COLUMNS": "200"}).output
    assert " run " in only
    assert " crawl " not in only
    absent = CliRunner().invoke(app, [*asked, "absent"]).output
    assert "no job, crawler or state machine absent has run yet" in absent
