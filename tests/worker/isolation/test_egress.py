"""Runs that can only reach loopback: their scripts, child processes and JVM."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from glue_local.cli.up import settings_for
from glue_local.data_directory import StartupError
from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.worker.isolation import egress
from tests.worker.conftest import Bench


def network_namespaces() -> bool:
    try:
        egress.check({egress.VARIABLE: "none"})
    except egress.CannotConfine:
        return False
    return True


@pytest.fixture(scope="module")
def outside() -> Iterator[tuple[str, int]]:
    """A non-loopback address of this machine with a listening socket."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as any_socket:
        any_socket.connect(("203.0.113.1", 9))  # sends nothing, only selects the interface
        address = any_socket.getsockname()[0]
    with socket.create_server((address, 0)) as listener:
        yield address, listener.getsockname()[1]


@pytest.fixture(scope="module")
def database() -> Iterator[int]:
    """The port of a server on this machine's loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, database: int) -> Iterator[Bench]:
    if not network_namespaces():
        pytest.skip("the kernel does not let this user create a network namespace")
    told = {egress.VARIABLE: "none", egress.PORTS: str(database), "GLUE_LOCAL_WARM_DRIVERS": "1"}
    environment = {**settings_for(0, None).child_environment, **told}
    with Server(Settings(port=0, data_dir=tmp_path_factory.mktemp("egress"), child_environment=environment)) as server:
        yield Bench(server)


TRY = """
import socket, subprocess, sys
def try_to_connect(address):
    try:
        socket.create_connection(address, 3).close()
        return "connected"
    except OSError as error:
        return error.strerror
code = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"
def by_another_program(host, port):
    done = subprocess.run([sys.executable, "-c", code, host, str(port)], capture_output=True, text=True)
    return done.stderr.strip().splitlines()[-1] if done.returncode else "connected"
"""


def test_the_address_is_reachable_without_isolation(outside: tuple[str, int]) -> None:
    done = subprocess.run([sys.executable, "-c", f"{TRY}\nprint(try_to_connect({outside}))"], stdout=-1, check=True)
    assert done.stdout == b"connected\n"


def test_a_python_shell_script_reaches_the_endpoint_and_nothing_outside(
    bench: Bench, outside: tuple[str, int], database: int
) -> None:
    done = bench.run(
        f"{TRY}\nimport boto3\n"
        f"print(try_to_connect({outside}))\nprint(by_another_program(*{outside}))\n"
        "boto3.client('s3').put_object(Bucket='scripts', Key='left', Body=b'x' * 5_000_000)\n"
        "print(len(boto3.client('s3').get_object(Bucket='scripts', Key='left')['Body'].read()))\n"
        "print(boto3.client('glue').get_databases()['DatabaseList'])\n"
        f"print(try_to_connect(('127.0.0.1', {database})))\n"
    )
    unreachable = "Network is unreachable"
    expected = [unreachable, f"OSError: [Errno 101] {unreachable}", "5000000", "[]", "connected"]
    assert (done.state, done.output) == ("SUCCEEDED", expected), done


def test_a_jvm_reaches_the_endpoint_and_nothing_outside(bench: Bench, outside: tuple[str, int]) -> None:
    host, port = outside
    done = bench.run(
        "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"
        "spark.range(5).write.mode('overwrite').parquet('s3://scripts/out/')\n"
        "print(spark.read.parquet('s3://scripts/out/').count())\n"
        f"try:\n    spark._jvm.java.net.Socket('{host}', {port})\n    print('connected')\n"
        "except Exception as error:\n    print('Network is unreachable' in str(error))\n",
        "glueetl",
    )
    assert (done.state, done.output) == ("SUCCEEDED", ["5", "True"]), done


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({egress.VARIABLE: "all"}, "GLUE_LOCAL_EGRESS must be names or none, not 'all'"),
        ({egress.VARIABLE: "none", "GLUE_LOCAL_MASTER": "spark://one:7077"}, "unset GLUE_LOCAL_MASTER"),
        ({egress.VARIABLE: "none", egress.PORTS: "postgres"}, "GLUE_LOCAL_LOOPBACK_PORTS must be a list of ports"),
        (
            {egress.VARIABLE: "none", "AWS_ENDPOINT_URL": "http://localstack:4566"},
            "needs an endpoint on this machine's loopback, and AWS_ENDPOINT_URL is http://localstack:4566",
        ),
    ],
)
def test_unsupported_settings_are_refused(told: dict[str, str], message: str) -> None:
    with pytest.raises(egress.CannotConfine, match=message):
        egress.check(told)


def test_a_kernel_that_refuses_the_namespace_is_reported_when_the_server_starts(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(egress.sys, "executable", "/bin/false")
    settings = Settings(port=0, data_dir=tmp_path, children=(), child_environment={egress.VARIABLE: "none"})
    with pytest.raises(StartupError, match="GLUE_LOCAL_EGRESS=none cannot be honoured here: .*unset GLUE_LOCAL_EGRESS"):
        Server(settings).__enter__()


def test_containers_are_refused(tmp_path: Any) -> None:
    settings = Settings(
        port=0, data_dir=tmp_path, children=("containers",), child_environment={egress.VARIABLE: "none"}
    )
    with pytest.raises(StartupError, match="not --runtime docker"):
        Server(settings).__enter__()


# Connects until connections are refused, so that some connect just as the child ends.
SERVE = """
import asyncio, gc, socket, subprocess, threading
from glue_local.worker.isolation import egress
def connect_until_closed(port):
    held = []
    try:
        while True:
            held.append(socket.create_connection(("127.0.0.1", port), 1))
    except OSError:
        pass
with socket.create_server(("127.0.0.1", 0), backlog=4096) as target, socket.create_server(("127.0.0.1", 0)) as listener:
    child = subprocess.Popen(["sleep", "0.3"])
    threading.Thread(target=connect_until_closed, args=listener.getsockname()[1:], daemon=True).start()
    print(asyncio.run(egress._serve_until_end(child.pid, {listener: target.getsockname()})))
    gc.collect()
"""


def test_the_forwarder_ends_every_connection_when_its_runs_have_ended() -> None:
    done = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")
