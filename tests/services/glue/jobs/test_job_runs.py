"""Job runs in a queue, of the FLEX class and with a threshold for late runs, through boto3."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.client.clients import local
from tests.server_process import server_in_process

Aws = Callable[..., Any]
ROLE = "arn:aws:iam::000000000000:role/glue"
SPARK = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}


def state(glue: Any, job: str, run_id: str) -> str:
    return str(glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]["JobRunState"])


def test_a_run_over_the_limit_waits_across_a_restart_and_starts_when_there_is_room(tmp_path: Path) -> None:
    with server_in_process(tmp_path) as server:
        glue = local("glue", endpoint_url=server.endpoint)
        glue.create_job(Name="queued", Role=ROLE, Command=SPARK, JobRunQueuingEnabled=True)
        first, second, third = (glue.start_job_run(JobName="queued")["JobRunId"] for _ in range(3))
        waiting = glue.get_job_run(JobName="queued", RunId=second)["JobRun"]
        assert (waiting["JobRunState"], waiting["JobRunQueuingEnabled"]) == ("WAITING", True)
        assert waiting["StateDetail"] == "Max concurrent job runs per job exceeded: queued has MaxConcurrentRuns 1"
        with pytest.raises(ClientError) as refusal:
            glue.start_job_run(JobName="queued", JobRunQueuingEnabled=False)
        assert refusal.value.response["Error"]["Code"] == "ConcurrentRunsExceededException"
    with server_in_process(tmp_path) as server:
        glue = local("glue", endpoint_url=server.endpoint)
        assert [state(glue, "queued", each) for each in (first, second, third)] == ["STARTING", "WAITING", "WAITING"]
        stopped = glue.batch_stop_job_run(JobName="queued", JobRunIds=[second])
        assert [each["JobRunId"] for each in stopped["SuccessfulSubmissions"]] == [second]
        assert [state(glue, "queued", each) for each in (first, second, third)] == ["STARTING", "STOPPED", "WAITING"]
        glue.batch_stop_job_run(JobName="queued", JobRunIds=[first])
        started = glue.get_job_run(JobName="queued", RunId=third)["JobRun"]
        assert (started["JobRunState"], "StateDetail" in started) == ("STARTING", False)


def test_a_run_is_flex_if_it_or_its_job_says_so(aws: Aws) -> None:
    glue = aws("glue")
    flex = {"ExecutionClass": "FLEX", "WorkerType": "G.1X", "NumberOfWorkers": 2}
    glue.create_job(Name="flex", Role=ROLE, Command=SPARK, **flex)
    run_id = glue.start_job_run(JobName="flex")["JobRunId"]
    assert glue.get_job_run(JobName="flex", RunId=run_id)["JobRun"]["ExecutionClass"] == "FLEX"
    glue.batch_stop_job_run(JobName="flex", JobRunIds=[run_id])
    with pytest.raises(ClientError, match="FLEX is not supported for Worker Type G.4X") as refusal:
        glue.start_job_run(JobName="flex", WorkerType="G.4X", NumberOfWorkers=2)
    assert refusal.value.response["Error"]["Code"] == "InvalidInputException"
    run_id = glue.start_job_run(JobName="flex", ExecutionClass="STANDARD")["JobRunId"]
    assert glue.get_job_run(JobName="flex", RunId=run_id)["JobRun"]["ExecutionClass"] == "STANDARD"


def test_a_run_has_its_own_threshold_or_that_of_its_job(aws: Aws) -> None:
    glue, several = aws("glue"), {"MaxConcurrentRuns": 2}
    late = {"NotificationProperty": {"NotifyDelayAfter": 10}}
    glue.create_job(Name="late", Role=ROLE, Command=SPARK, ExecutionProperty=several, **late)
    of_the_job = glue.start_job_run(JobName="late")["JobRunId"]
    own = glue.start_job_run(JobName="late", NotificationProperty={"NotifyDelayAfter": 3})["JobRunId"]
    found = [glue.get_job_run(JobName="late", RunId=each)["JobRun"] for each in (of_the_job, own)]
    assert [each["NotificationProperty"]["NotifyDelayAfter"] for each in found] == [10, 3]
