"""``glue-local up --runtime docker``: each run in its own container."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docker
import pytest

from glue_local.cli.shared.server_process import announced, health
from tests.worker.conftest import Bench

OWNER = "glue-local.data-dir"
SPARK = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"


@pytest.fixture(scope="module")
def engine() -> Any:
    client = docker.from_env()
    yield client
    client.close()


def start(data_dir: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "glue_local.cli", "up", "--runtime", "docker", "--port", "0"]
    process = subprocess.Popen([*command, "--data-dir", str(data_dir)], stdin=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while not ((reported := announced(data_dir)) and reported["pid"] == process.pid and health(reported["port"])):
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < end
        time.sleep(0.1)
    return process


def containers(engine: Any, data_dir: Path) -> list[Any]:
    return list(engine.containers.list(all=True, filters={"label": f"{OWNER}={data_dir}"}, ignore_removed=True))


def until(true: Any, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docker").resolve()


@pytest.fixture(scope="module")
def bench(data_dir: Path, engine: Any) -> Iterator[Bench]:
    process = start(data_dir)
    reported = announced(data_dir)
    assert reported
    yield Bench(SimpleNamespace(endpoint=f"http://localhost:{reported['port']}"))  # type: ignore[arg-type]
    process.terminate()
    process.wait(60)
    assert containers(engine, data_dir) == [], "no container outlives its server"


def test_each_run_has_its_own_container_with_the_images_spark(bench: Any, data_dir: Path) -> None:
    script = SPARK + (
        "import getpass, os, boto3\nfrom awsglue.context import GlueContext\n"
        "boto3.client('s3').create_bucket(Bucket='data')\n"
        "spark.range(6).write.mode('overwrite').parquet('s3://data/out/')\n"
        "context = GlueContext(spark.sparkContext)\n"
        "frame = context.create_dynamic_frame.from_options('s3', {'paths': ['s3://data/out/']}, 'parquet')\n"
        "print(getpass.getuser(), os.environ['SPARK_HOME'], frame.count())\n"
        "open('/tmp/left-behind', 'x').close()\n"
    )
    for _ in range(2):  # the second run would find leftovers of the first
        done = bench.run(script, "glueetl")
        assert (done.state, done.output) == ("SUCCEEDED", ["hadoop /usr/lib/spark 6"]), done


def test_a_failed_run_reports_its_line(bench: Any) -> None:
    done = bench.run(SPARK + "raise ValueError('no such road')\n", "glueetl")
    assert done.state == "FAILED"
    assert done.message == "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 3; ValueError: no such road"


def test_runs_are_executed_in_parallel_and_can_be_stopped(bench: Any) -> None:
    name = bench.job(
        "import time\nprint('begun', flush=True)\ntime.sleep(120)\n", ExecutionProperty={"MaxConcurrentRuns": 2}
    )
    runs = [bench.start(name) for _ in range(2)]
    for run in runs:
        bench.await_state(name, run, "RUNNING")
    bench.glue.batch_stop_job_run(JobName=name, JobRunIds=runs)
    assert [bench.ended(name, run).state for run in runs] == ["STOPPED", "STOPPED"]


def test_a_run_fails_if_its_container_is_killed(bench: Any, engine: Any, data_dir: Path) -> None:
    name = bench.job("import time\nprint('begun', flush=True)\ntime.sleep(120)\n")
    run = bench.start(name)
    bench.await_state(name, run, "RUNNING")
    for container in containers(engine, data_dir):
        container.kill()
    ended = bench.ended(name, run)
    assert ended.state == "FAILED"
    assert "has not responded" in ended.message


def test_containers_of_a_killed_server_are_removed_by_the_next(engine: Any, tmp_path: Path) -> None:
    home = tmp_path.resolve()
    first = start(home)
    until(lambda: len(containers(engine, home)) == 2)
    keeper = health(announced(home)["port"])["children"]["containers"]  # type: ignore[index]
    os.kill(keeper, signal.SIGKILL)
    first.kill()
    first.wait()
    left = {container.id for container in containers(engine, home)}
    assert left
    second = start(home)
    try:
        until(lambda: not left & {container.id for container in containers(engine, home)})
    finally:
        second.terminate()
        second.wait(60)
    assert containers(engine, home) == []


def test_a_missing_image_or_engine_is_reported_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "glue_local.cli", "up", "--runtime", "docker", "--data-dir", str(tmp_path)]
    for reported, line in (
        ({"GLUE_IMAGE": "nobody/has:this"}, "docker pull nobody/has:this"),
        ({"DOCKER_HOST": "unix:///nowhere.sock"}, "Docker does not respond"),
    ):
        done = subprocess.run(command, env={**os.environ, **reported}, capture_output=True, text=True, timeout=60)
        assert done.returncode == 1
        assert line in done.stderr
        assert done.stderr.strip().count("\n") == 0, done.stderr
