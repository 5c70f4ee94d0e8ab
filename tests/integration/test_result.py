"""The workflow's result is the same in containers as without: computed both ways, in this test."""

from pathlib import Path

from tests.e2e.compose import ComposeStack
from tests.e2e.stack import wait_until
from tests.integration.workflow import MINUTES, POINTS, SEED, START, Result, deliver, result, run


def test_the_result_equals_the_embedded_one_row_for_row(stack: ComposeStack, without_containers: Result) -> None:
    assert run(stack) == without_containers


def test_the_result_is_the_same_on_two_workers(stack: ComposeStack, without_containers: Result) -> None:
    stack.reset()
    stack.provision()
    stack.knobs["SPARK_WORKERS"] = "2"
    try:
        stack.up()
        assert len(stack.containers("spark")) == 2
        assert run(stack) == without_containers
    finally:
        del stack.knobs["SPARK_WORKERS"]
        stack.up()


def test_stopped_and_started_again_glue_forgets_nothing(stack: ComposeStack) -> None:
    glue = stack.client("glue")
    before = {job["Name"]: glue.get_job_runs(JobName=job["Name"])["JobRuns"] for job in glue.get_jobs()["Jobs"]}
    bookmark = glue.get_job_bookmark(JobName="repartition")["JobBookmarkEntry"]
    stack.compose("stop", "--timeout", "5")
    stack.up()
    assert {name: glue.get_job_runs(JobName=name)["JobRuns"] for name in before} == before
    assert glue.get_job_bookmark(JobName="repartition")["JobBookmarkEntry"] == bookmark
    assert before["repartition"], "there were runs to remember"


def test_provision_heals_a_localstack_that_was_killed(stack: ComposeStack, without_containers: Result) -> None:
    stack.kill_container("localstack")
    stack.up()
    assert "emptied" in stack.cli("provision", "--port", str(stack.port)).stdout
    assert stack.table("sites") == [], "no partition points at files that are gone"
    assert run(stack) == without_containers


def test_localstack_killed_while_a_job_runs(stack: ComposeStack, without_containers: Result) -> None:
    stack.reset()
    stack.provision()
    stack.publish(MINUTES, POINTS, SEED, START)
    deliver(stack, MINUTES * POINTS)
    states = stack.client("stepfunctions")
    [machine] = states.list_state_machines()["stateMachines"]
    states.start_execution(stateMachineArn=machine["stateMachineArn"])
    glue = stack.client("glue")
    wait_until(lambda: glue.get_job_runs(JobName="repartition")["JobRuns"], 90, "the second step")
    stack.kill_container("localstack")
    stack.up()
    stack.provision()

    def ended() -> bool:
        runs = glue.get_job_runs(JobName="repartition")["JobRuns"]
        return all(each["JobRunState"] in ("SUCCEEDED", "FAILED") for each in runs)

    wait_until(ended, 90, "the interrupted run to end")
    assert run(stack) == without_containers


def test_a_feed_that_is_killed_and_begins_again_changes_nothing(
    stack: ComposeStack, without_containers: Result, tmp_path: Path
) -> None:
    stack.reset()
    stack.provision()
    command = ("feed", "generate", f"--minutes={MINUTES}", f"--points={POINTS}", f"--seed={SEED}", f"--start={START}")
    name = f"{stack.project}-feed"
    # Longer than a buffer of Firehose takes to reach S3: the feed has to be at it still when that is seen.
    slowly = (*command, "--config=s3://traffic-raw/config/", "--speed=4")
    stack.compose("run", "--detach", "--no-deps", "--name", name, "feed", *slowly)
    feed = stack.engine.containers.get(name)
    try:
        wait_until(stack.raw_events, 90, "the first events")
        feed.kill()
        feed.start()
        assert feed.wait(timeout=180)["StatusCode"] == 0
    finally:
        feed.remove(force=True)
    deliver(stack, MINUTES * POINTS)
    stack.execute()
    found = result(stack)
    # Sent twice, each event counts once.
    assert (found["events"], found["sites"]) == (without_containers["events"], without_containers["sites"])
