"""Properties of the containers: an isolated network, parallel workers, marked stand-ins, unprivileged users."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.e2e.compose import IMAGES, ComposeStack
from tests.e2e.stack import wait_until
from tests.query.asking import Asking

ROLE = "arn:aws:iam::000000000000:role/glue"

# Connections to the outside: by address, by name, to AWS, and to the instance metadata service.
_REACH = """
import json, socket
def reached(what):
    try:
        socket.create_connection(what, 3).close()
    except OSError as error:
        return False
    return True
print(json.dumps({
    "glue": reached(("glue", 4566)),
    "localstack": reached(("localstack", 4566)),
    "address": reached(("1.1.1.1", 443)),
    "metadata": reached(("169.254.169.254", 80)),
    "host": reached(("host.docker.internal", 22)),
    "aws": reached(("s3.us-east-1.amazonaws.com", 443)),
}))
"""

_RESOLVE = "import socket; print(socket.getaddrinfo('glue.us-east-1.amazonaws.com', 443))"

# Trino's own tables list the machines that worked on a query.
_MACHINES = """
import sys
from glue_local.query.engine.client import Execution, run
sql = f"SELECT count(DISTINCT t.node_id) FROM runtime.tasks t JOIN runtime.queries q ON t.query_id = q.query_id " \
    f"WHERE q.query LIKE '%{sys.argv[1]}%' AND q.query NOT LIKE '%runtime.tasks%'"
print(run(Execution("http://trino:8080", sql, "system", "runtime")).rows[0][0])
"""


@pytest.fixture
def slow_job(stack: ComposeStack) -> Iterator[str]:
    script = b"import time\nprint('begun', flush=True)\ntime.sleep(10)\n"
    stack.client("s3").put_object(Bucket="glue-scripts", Key="slow.py", Body=script)
    command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://glue-scripts/slow.py"}
    glue = stack.client("glue")
    glue.create_job(Name="slow", Role=ROLE, Command=command, ExecutionProperty={"MaxConcurrentRuns": 2})
    yield "slow"
    glue.delete_job(JobName="slow")


def test_no_address_outside_is_reachable_from_the_spark_network(stack: ComposeStack) -> None:
    code, printed = stack.run_inside("spark", "python3", "-c", _REACH)
    assert code == 0, printed
    inside = {"glue": True, "localstack": True}
    assert json.loads(printed) == inside | dict.fromkeys(("address", "metadata", "host", "aws"), False)


def test_aws_host_names_do_not_resolve_in_the_spark_network(stack: ComposeStack) -> None:
    code, printed = stack.run_inside("spark", "python3", "-c", _RESOLVE)
    assert code == 1
    assert "gaierror" in printed


def test_the_spark_container_is_only_in_the_internal_network(stack: ComposeStack) -> None:
    # Without this, the tests above would pass in an open network on a machine without internet access.
    assert stack.engine.networks.get(f"{stack.project}_aws").attrs["Internal"] is True
    assert list(stack.container("spark").attrs["NetworkSettings"]["Networks"]) == [f"{stack.project}_aws"]


def test_ports_are_published_on_this_machine_only(stack: ComposeStack) -> None:
    published = {
        binding["HostIp"]
        for service in stack.services
        for bindings in (stack.container(service).attrs["NetworkSettings"]["Ports"] or {}).values()
        for binding in bindings or []
    }
    assert published == {"127.0.0.1"}
    assert not any(stack.container("spark").attrs["NetworkSettings"]["Ports"].values())


def test_our_containers_are_not_root_and_have_no_docker_socket(stack: ComposeStack) -> None:
    for service in ("glue", "spark"):
        assert stack.run_inside(service, "id", "-u")[1].strip() != "0"
    mounts = [mount["Source"] for service in stack.services for mount in stack.container(service).attrs["Mounts"]]
    assert not [source for source in mounts if source.endswith("docker.sock")]


def test_a_query_without_the_engine_names_its_url_and_a_new_engine_is_used(stack: ComposeStack) -> None:
    ask = Asking(*map(stack.client, ("athena", "s3", "glue")), "traffic", "traffic-queries")
    count = "SELECT count(*) FROM sites"
    ask.succeed(count)
    stack.compose("rm", "--stop", "--force", "trino")
    status = ask.run(count)["Status"]
    assert status["State"] == "FAILED"
    assert "Trino does not respond at http://trino:8080" in status["StateChangeReason"]
    # Another container, without the catalogs of the first.
    stack.up()
    ask.succeed(count)


def test_workers_of_athenas_engine_share_a_query(stack: ComposeStack) -> None:
    ask = Asking(*map(stack.client, ("athena", "s3", "glue")), "traffic", "traffic-queries")
    for number in range(8):
        ask.s3.put_object(Bucket="traffic-queries", Key=f"shared/{number}.txt", Body=b"1\n" * 50_000)
    ask.run("DROP TABLE IF EXISTS shared")
    ask.succeed("CREATE EXTERNAL TABLE shared (n int) LOCATION 's3://traffic-queries/shared/'")
    stack.compose("up", "--wait", "--no-build", "--no-recreate", "--scale", "trino-worker=1", "trino-worker")
    try:
        machines = 0
        # The coordinator knows a worker some seconds after it has started.
        for attempt in range(60):
            total = f"sum(n) + {attempt} AS total"
            assert ask.rows(f"SELECT {total} FROM shared")[1:] == [[str(400_000 + attempt)]]
            code, printed = stack.run_inside("glue", "python3", "-c", _MACHINES, total)
            assert code == 0, printed
            if (machines := int(printed)) == 2:
                break
            time.sleep(1)
        assert machines == 2
    finally:
        stack.compose("rm", "--stop", "--force", "trino-worker")


def test_the_logs_name_the_images_that_are_stand_ins(stack: ComposeStack) -> None:
    logs = stack.compose("logs", "--no-log-prefix", "localstack", "spark", "trino").stdout
    for name in IMAGES:
        stand_in = stack.engine.images.get(name).labels.get("glue-local.stand-in") == "true"
        assert (f"in place of {name}" in logs) == stand_in


def test_a_failed_run_fails_the_command_with_its_message(stack: ComposeStack) -> None:
    stack.client("s3").put_object(Bucket="glue-scripts", Key="fails.py", Body=b"raise ValueError('no such road')\n")
    command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://glue-scripts/fails.py"}
    stack.client("glue").create_job(Name="fails", Role=ROLE, Command=command)
    done = stack.cli("run", "fails", "--port", str(stack.port), check=False)
    assert done.returncode == 1
    assert "no such road" in done.stdout + done.stderr


def test_two_workers_execute_two_runs_concurrently(stack: ComposeStack, slow_job: str) -> None:
    glue = stack.client("glue")
    stack.knobs["SPARK_WORKERS"] = "2"
    try:
        stack.up()
        assert len(stack.containers("spark")) == 2
        ids = [glue.start_job_run(JobName=slow_job)["JobRunId"] for _ in range(2)]

        def states() -> list[str]:
            return [glue.get_job_run(JobName=slow_job, RunId=each)["JobRun"]["JobRunState"] for each in ids]

        wait_until(lambda: states() == ["RUNNING", "RUNNING"], 60, "both runs to be running at the same time")
        wait_until(lambda: states() == ["SUCCEEDED", "SUCCEEDED"], 90, "both runs to succeed")
    finally:
        del stack.knobs["SPARK_WORKERS"]
        stack.up()
