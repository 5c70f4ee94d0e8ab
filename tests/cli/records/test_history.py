"""``glue-local history``: Spark's history server on event logs in S3, on loopback."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from glue_local.cli import app

if TYPE_CHECKING:
    from glue_local.server import Server

Aws = Callable[..., Any]
# The first and last events of a log that Spark 3.5 wrote.
LOG = (
    {"Event": "SparkListenerLogStart", "Spark Version": "3.5.4"},
    {"Event": "SparkListenerApplicationStart", "App Name": "roads jr_1", "App ID": "local-1764500000000", "Timestamp": 1764500000000, "User": "u"},
    {"Event": "SparkListenerApplicationEnd", "Timestamp": 1764500009000},
)  # fmt: skip


def test_what_has_no_event_logs_is_refused_with_the_fix(endpoint: "Server", aws: Aws) -> None:
    def refusal(of: str) -> str:
        done = CliRunner().invoke(app, ["history", of, "--endpoint-url", endpoint.endpoint])
        assert done.exit_code == 1
        return done.stderr

    aws("s3").create_bucket(Bucket="no-logs")
    assert "s3://no-logs/ui has no event logs: run a job with --enable-spark-ui" in refusal("s3://no-logs/ui")
    command = {"Name": "glueetl", "ScriptLocation": "s3://b/a.py"}
    aws("glue").create_job(Name="quiet", Role="arn:aws:iam::000000000000:role/r", Command=command)
    assert "quiet writes no event logs: set --enable-spark-ui and --spark-event-logs-path" in refusal("quiet")
    assert "job absent does not exist" in refusal("absent")


@pytest.mark.long
def test_a_jobs_logs_are_served_on_loopback_until_ctrl_c(endpoint: "Server", aws: Aws) -> None:
    aws("s3").create_bucket(Bucket="logs")
    # Without spaces, as Spark writes and expects it.
    body = "".join(f"{json.dumps(event, separators=(',', ':'))}\n" for event in LOG).encode()
    aws("s3").put_object(Bucket="logs", Key="ui/local-1764500000000", Body=body)
    arguments = {"--enable-spark-ui": "true", "--spark-event-logs-path": "s3://logs/ui/"}
    command = {"Name": "glueetl", "ScriptLocation": "s3://b/a.py"}
    aws("glue").create_job(
        Name="roads", Role="arn:aws:iam::000000000000:role/r", Command=command, DefaultArguments=arguments
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = ["history", "roads", "--ui-port", str(port), "--endpoint-url", endpoint.endpoint]
    shown = subprocess.Popen([sys.executable, "-m", "glue_local.cli", *asked], stdout=subprocess.PIPE, text=True)
    assert shown.stdout is not None
    try:
        assert f"http://127.0.0.1:{port}" in shown.stdout.readline()
        [found] = applications(port)
        assert (found["name"], found["attempts"][0]["duration"], found["attempts"][0]["completed"]) == (
            "roads jr_1",
            9000,
            True,
        )
        with open("/proc/net/tcp") as table:
            listening = [line.split()[1] for line in table if line.split()[3] == "0A"]
        assert [each for each in listening if each.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"], (
            "loopback only"
        )
        shown.send_signal(signal.SIGINT)
        assert shown.wait(60) == 0
    finally:
        shown.terminate()
        shown.wait(60)
        shown.stdout.close()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)


def applications(port: int) -> list[Any]:
    """Return the applications of Spark's REST API, once it has read the logs."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/applications", timeout=60) as answer:
            found: list[Any] = json.load(answer)
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError("the history server lists no application")
