"""Runs from StartJobRun to their end, with a worker simulated by the test."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glue_local.server import WORK, Server
from glue_local.settings import Settings
from glue_local.work import end_claims_of, expire

Aws = Callable[..., Any]


def state_of(aws: Aws, job: str, run_id: str) -> dict[str, Any]:
    run: dict[str, Any] = aws("glue").get_job_run(JobName=job, RunId=run_id)["JobRun"]
    return run


def test_a_run_goes_from_starting_to_succeeded(aws: Aws, job: Any, take: Any, call: Any, finish: Any) -> None:
    name = job()
    run_id = aws("glue").start_job_run(JobName=name)["JobRunId"]
    assert state_of(aws, name, run_id)["JobRunState"] == "STARTING"
    work = take()
    assert work.run_id == run_id
    assert call(f"runs/{run_id}/started", claim=work.claim) == (200, {"JobRunState": "RUNNING"})
    assert state_of(aws, name, run_id)["JobRunState"] == "RUNNING"
    assert finish(work, "SUCCEEDED", execution_time=12)[0] == 200
    run = state_of(aws, name, run_id)
    assert (run["JobRunState"], run["ExecutionTime"]) == ("SUCCEEDED", 12)
    assert run["CompletedOn"] >= run["StartedOn"]
    assert "ErrorMessage" not in run


def test_a_long_error_message_is_truncated_with_a_note(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name = job()
    run_id = aws("glue").start_job_run(JobName=name)["JobRunId"]
    finish(take(), "FAILED", error_message="ValueError: " + "x" * 1_000_000)
    message = state_of(aws, name, run_id)["ErrorMessage"]
    assert len(message) == 4096
    assert message.startswith("ValueError: xxx")
    assert message.endswith("(truncated: the error log has the whole message)")


def test_only_flex_runs_have_dpu_seconds(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name = job(WorkerType="G.1X", NumberOfWorkers=2, ExecutionProperty={"MaxConcurrentRuns": 2})
    for execution_class, expected in (("FLEX", 20.0), ("STANDARD", None)):
        run_id = aws("glue").start_job_run(JobName=name, ExecutionClass=execution_class)["JobRunId"]
        finish(take(), "SUCCEEDED", execution_time=10)
        assert state_of(aws, name, run_id).get("DPUSeconds") == expected


def test_arguments_are_merged_by_precedence(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name = job(
        DefaultArguments={"--a": "default", "--b": "default", "--c": "default"},
        NonOverridableArguments={"--c": "fixed"},
    )
    aws("glue").start_job_run(JobName=name, Arguments={"--b": "run", "--c": "run"})
    work = take()
    arguments = work.answer["arguments"]
    assert (arguments["--a"], arguments["--b"], arguments["--c"]) == ("default", "run", "fixed")
    assert arguments["--JOB_NAME"] == name
    assert arguments["--JOB_RUN_ID"] == work.run_id
    finish(work, "SUCCEEDED")


def test_a_worker_gets_only_commands_it_offers(aws: Aws, job: Any, call: Any, take: Any, finish: Any) -> None:
    name = job()
    aws("glue").start_job_run(JobName=name)
    assert call("runs/claim", worker="shells", commands=["pythonshell"], wait=0) == (204, None)
    finish(take(), "SUCCEEDED")


def test_two_workers_never_get_the_same_run(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name = job(ExecutionProperty={"MaxConcurrentRuns": 20})
    started = {aws("glue").start_job_run(JobName=name)["JobRunId"] for _ in range(12)}
    taken: list[Any] = []
    threads = [threading.Thread(target=lambda: taken.extend(take() for _ in range(4))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    works = [work for work in taken if work]
    assert sorted(work.run_id for work in works) == sorted(started)
    for work in works:
        finish(work, "SUCCEEDED")


def test_a_waiting_claim_is_answered_when_a_run_is_queued(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name = job()
    threading.Timer(0.3, lambda: aws("glue").start_job_run(JobName=name)).start()
    work = take(wait=10)
    assert work is not None
    finish(work, "SUCCEEDED")


def test_a_failure_is_retried_as_often_as_the_job_allows(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name = job(MaxRetries=1)
    first = aws("glue").start_job_run(JobName=name, Arguments={"--day": "monday"})["JobRunId"]
    finish(take(), "FAILED", error_message="no")
    second = take()
    assert second.answer["run"]["Attempt"] == 1
    assert second.answer["run"]["PreviousRunId"] == first
    assert second.answer["arguments"]["--day"] == "monday"
    finish(second, "FAILED", error_message="no again")
    assert take() is None
    runs = aws("glue").get_job_runs(JobName=name)["JobRuns"]
    assert [(run["Attempt"], run["JobRunState"]) for run in runs] == [(1, "FAILED"), (0, "FAILED")]


@pytest.mark.parametrize("state", ["TIMEOUT", "STOPPED"])
def test_other_ends_are_not_retried(aws: Aws, job: Any, take: Any, finish: Any, state: str) -> None:
    name = job(MaxRetries=3)
    aws("glue").start_job_run(JobName=name)
    work = take()
    if state == "STOPPED":
        aws("glue").batch_stop_job_run(JobName=name, JobRunIds=[work.run_id])
    assert finish(work, state) == (200, {"JobRunState": state})
    assert take() is None


def test_the_next_heartbeat_asks_the_worker_to_stop(aws: Aws, job: Any, take: Any, call: Any) -> None:
    name = job()
    run_id = aws("glue").start_job_run(JobName=name)["JobRunId"]
    work = take()
    call(f"runs/{run_id}/started", claim=work.claim)
    answer = aws("glue").batch_stop_job_run(JobName=name, JobRunIds=[run_id, "jr_unknown"])
    assert answer["SuccessfulSubmissions"] == [{"JobName": name, "JobRunId": run_id}]
    assert answer["Errors"][0]["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"
    assert call(f"runs/{run_id}/heartbeat", claim=work.claim) == (200, {"JobRunState": "STOPPING"})
    call(f"runs/{run_id}/finished", claim=work.claim, state="STOPPED")
    assert state_of(aws, name, run_id)["JobRunState"] == "STOPPED"


def test_an_unclaimed_run_is_stopped_immediately(aws: Aws, job: Any, take: Any) -> None:
    name = job()
    run_id = aws("glue").start_job_run(JobName=name)["JobRunId"]
    aws("glue").batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    assert state_of(aws, name, run_id)["JobRunState"] == "STOPPED"
    assert take() is None


def test_more_runs_than_allowed_are_refused_or_wait(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name, glue = job(), aws("glue")
    glue.start_job_run(JobName=name)
    with pytest.raises(glue.exceptions.ConcurrentRunsExceededException, match=name):
        glue.start_job_run(JobName=name)
    waiting = glue.start_job_run(JobName=name, JobRunQueuingEnabled=True)["JobRunId"]
    run = state_of(aws, name, waiting)
    assert run["JobRunState"] == "WAITING"
    assert run["StateDetail"] == f"Max concurrent job runs per job exceeded: {name} has MaxConcurrentRuns 1"
    finish(take(), "SUCCEEDED")
    assert "StateDetail" not in state_of(aws, name, waiting), "the run is STARTING"
    work = take()
    assert work.run_id == waiting
    finish(work, "SUCCEEDED")


def test_a_stop_lets_a_waiting_run_start(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name, glue = job(), aws("glue")
    first = glue.start_job_run(JobName=name)["JobRunId"]
    waiting = glue.start_job_run(JobName=name, JobRunQueuingEnabled=True)["JobRunId"]
    glue.batch_stop_job_run(JobName=name, JobRunIds=[first])
    assert state_of(aws, name, waiting)["JobRunState"] == "STARTING"
    finish(take(), "SUCCEEDED")


def test_a_higher_limit_lets_a_waiting_run_start(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name, glue = job(), aws("glue")
    glue.start_job_run(JobName=name)
    waiting = glue.start_job_run(JobName=name, JobRunQueuingEnabled=True)["JobRunId"]
    definition = glue.get_job(JobName=name)["Job"]
    glue.update_job(
        JobName=name,
        JobUpdate={
            "Role": definition["Role"],
            "Command": definition["Command"],
            "ExecutionProperty": {"MaxConcurrentRuns": 2},
        },
    )
    assert state_of(aws, name, waiting)["JobRunState"] == "STARTING"
    for _ in range(2):
        finish(take(), "SUCCEEDED")


def test_a_waiting_run_of_a_deleted_job_fails(aws: Aws, job: Any, take: Any, finish: Any) -> None:
    name, glue = job(), aws("glue")
    glue.start_job_run(JobName=name)
    work = take()
    waiting = glue.start_job_run(JobName=name, JobRunQueuingEnabled=True)["JobRunId"]
    glue.delete_job(JobName=name)
    run = state_of(aws, name, waiting)
    assert (run["JobRunState"], run["ErrorMessage"]) == (
        "FAILED",
        f"The job {name} was deleted before the run began.",
    )
    finish(work, "SUCCEEDED")


def test_a_run_without_heartbeats_fails(endpoint: Server, aws: Aws, job: Any, take: Any, call: Any) -> None:
    name = job()
    aws("glue").start_job_run(JobName=name)
    work = take()
    call(f"runs/{work.run_id}/started", claim=work.claim)
    assert expire(endpoint.private, WORK, 10.0) == 0
    assert expire(endpoint.private, WORK, -1.0) == 1
    run = state_of(aws, name, work.run_id)
    assert run["JobRunState"] == "FAILED"
    assert "not responded" in run["ErrorMessage"]
    assert call(f"runs/{work.run_id}/heartbeat", claim=work.claim)[0] == 409
    assert call(f"runs/{work.run_id}/finished", claim=work.claim, state="SUCCEEDED")[0] == 409
    assert state_of(aws, name, work.run_id)["JobRunState"] == "FAILED"


def test_the_runs_of_a_dead_worker_end_and_others_continue(
    endpoint: Server, aws: Aws, job: Any, take: Any, call: Any, finish: Any
) -> None:
    name = job(ExecutionProperty={"MaxConcurrentRuns": 2})
    for _ in range(2):
        aws("glue").start_job_run(JobName=name)
    lost, kept = take("lost-1"), take("lost-10")
    call(f"runs/{lost.run_id}/started", claim=lost.claim)
    assert end_claims_of(endpoint.private, WORK, "lost-1", "The worker died.") == 1
    assert state_of(aws, name, lost.run_id)["ErrorMessage"] == "The worker died."
    assert finish(kept, "SUCCEEDED")[0] == 200


def test_after_a_restart_running_runs_have_failed_and_queued_ones_wait(tmp_path: Path) -> None:
    settings = Settings(port=0, data_dir=tmp_path, children=())
    with Server(settings) as first:
        documents = first.store.scope("000000000000", "us-east-1")
        job = {"Name": "j", "Command": {"Name": "glueetl"}, "MaxRetries": 0}
        documents.write("job", "j", doc=job | {"ExecutionProperty": {"MaxConcurrentRuns": 2}})
        for run_id, state in (("jr_running", "RUNNING"), ("jr_queued", "STARTING")):
            run = {"Id": run_id, "JobName": "j", "Attempt": 0, "JobRunState": state, "StartedOn": 1.0, "Arguments": {}}
            documents.write("job_run", "j", run_id, doc=run, state=state)
        held = {"claim": "c", "worker": "embedded-1-1", "job": "j", "claimed": 1.0, "heartbeat": 3.0}
        documents.write("claim", "jr_running", doc=held, state="held")
    with Server(settings) as second:
        documents = second.store.scope("000000000000", "us-east-1")
        interrupted = documents.read("job_run", "j", "jr_running")
        queued = documents.read("job_run", "j", "jr_queued")
    assert interrupted is not None
    assert queued is not None
    assert (interrupted["JobRunState"], interrupted["ExecutionTime"]) == ("FAILED", 2)
    assert "server" in interrupted["ErrorMessage"]
    assert queued["JobRunState"] == "STARTING"
