"""Containers killed while the workflow runs: the result is the embedded one."""

from tests.e2e.compose import ComposeStack
from tests.e2e.killing import is_running, killing
from tests.e2e.stack import wait_until
from tests.integration.workflow import MINUTES, POINTS, SEED, START, Result, deliver, result, run

JOBS = ("load_points", "repartition", "aggregate", "check_quality")


def test_a_killed_feed_continues_and_a_job_is_repeated_after_its_worker_was_killed(
    stack: ComposeStack, without_containers: Result
) -> None:
    stack.empty()
    command = ("feed", "generate", f"--minutes={MINUTES}", f"--points={POINTS}", f"--seed={SEED}", f"--start={START}")
    name = f"{stack.project}-feed"
    # Longer than Firehose's buffering interval, so that the feed is still running when the first object is in S3.
    slowly = (*command, "--config=s3://traffic-raw/config/", "--speed=10")
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
    with killing(stack, "worker", lambda: is_running(stack), 3.0, 2):
        stack.execute()
    last, killed = stack.client("glue").get_job_runs(JobName="repartition")["JobRuns"]
    assert (last["JobRunState"], killed["JobRunState"]) == ("SUCCEEDED", "FAILED")
    assert killed["ErrorMessage"]
    found = result(stack)
    # Events that are sent twice count once.
    assert (found["events"], found["sites"]) == (without_containers["events"], without_containers["sites"])


def test_an_execution_continues_after_the_glue_service_was_killed(
    stack: ComposeStack, without_containers: Result
) -> None:
    stack.empty()
    stack.publish(MINUTES, POINTS, SEED, START)
    deliver(stack, MINUTES * POINTS)
    with killing(stack, "server", lambda: is_running(stack, "aggregate"), 1.0, 4):
        stack.execute()
    assert result(stack) == without_containers
    runs = [each for job in JOBS for each in stack.client("glue").get_job_runs(JobName=job)["JobRuns"]]
    assert all(each["JobRunState"] == "SUCCEEDED" or each["ErrorMessage"] for each in runs), "no run claims to be alive"


def test_provision_recreates_the_resources_of_a_localstack_that_was_killed_during_a_job(
    stack: ComposeStack, without_containers: Result
) -> None:
    if not stack.table("sites"):
        run(stack)
    stack.publish(MINUTES, POINTS, SEED, START)
    deliver(stack, MINUTES * POINTS)
    states = stack.client("stepfunctions")
    machines = states.list_state_machines()["stateMachines"]
    machine = next(each for each in machines if each["name"] == "traffic_glue")
    states.start_execution(stateMachineArn=machine["stateMachineArn"])
    wait_until(lambda: is_running(stack), 90, "the second step")
    stack.kill_container("localstack")
    stack.up()
    assert "emptied" in stack.cli("provision", "--port", str(stack.port)).stdout
    assert stack.table("sites") == [], "no partition points at files that are gone"
    wait_until(lambda: not is_running(stack), 90, "the interrupted run to end")
    assert run(stack) == without_containers
