"""What containers add: a network without a way out, workers side by side, stand-ins that say so, users without rights."""

import json
from collections.abc import Iterator

import pytest

from tests.e2e.compose import IMAGES, ComposeStack
from tests.e2e.stack import wait_until

ROLE = "arn:aws:iam::000000000000:role/glue"

# Connections that would leave: to an address, by a name, to AWS, and to the service that hands out credentials.
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


@pytest.fixture
def slow_job(stack: ComposeStack) -> Iterator[str]:
    script = b"import time\nprint('begun', flush=True)\ntime.sleep(20)\n"
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


def test_no_name_of_aws_resolves_there(stack: ComposeStack) -> None:
    code, printed = stack.run_inside("spark", "python3", "-c", _RESOLVE)
    assert code == 1
    assert "gaierror" in printed


def test_the_spark_network_is_closed_and_its_only_one(stack: ComposeStack) -> None:
    # Where nothing outside can be reached from this machine either, the tests above would pass in an open network.
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


def test_nothing_of_ours_is_root_or_holds_dockers_socket(stack: ComposeStack) -> None:
    for service in ("glue", "spark"):
        assert stack.run_inside(service, "id", "-u")[1].strip() != "0"
    mounts = [mount["Source"] for service in stack.services for mount in stack.container(service).attrs["Mounts"]]
    assert not [source for source in mounts if source.endswith("docker.sock")]


def test_athena_is_refused_as_what_nobody_here_does(stack: ComposeStack) -> None:
    with pytest.raises(Exception, match="glue-local does not emulate Athena yet, and will not pretend to"):
        stack.client("athena").list_work_groups()


def test_a_running_stack_says_which_images_are_stand_ins(stack: ComposeStack) -> None:
    logs = stack.compose("logs", "--no-log-prefix", "localstack", "spark").stdout
    for name in IMAGES:
        stand_in = stack.engine.images.get(name).labels.get("glue-local.stand-in") == "true"
        assert (f"in place of {name}" in logs) == stand_in


def test_two_workers_have_two_runs_at_once(stack: ComposeStack, slow_job: str) -> None:
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
