"""``glue-local history``: open Spark's history server on the event logs that jobs wrote to S3."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.client.clients import local
from glue_local.prerequisites import connector, java
from glue_local.settings import machine
from glue_local.worker.spark.conf import spark_conf

_ARGUMENT = "--spark-event-logs-path"
_LOOPBACK = "127.0.0.1"
_UI_PORT = 18080  # Spark's own default
_STARTS_WITHIN = 300.0  # seconds
_POLL = 0.2

app = typer.Typer(add_completion=False)


@app.command("history")
def history(
    of: Annotated[str, typer.Argument(metavar="JOB|S3_PATH", help=f"Job whose {_ARGUMENT} to open, or an S3 folder of event logs.")],
    ui_port: Annotated[int, typer.Option(min=1, max=65535, help=f"Port of the history server on {_LOOPBACK}.")] = _UI_PORT,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Open Spark's history server on a job's event logs, until Ctrl-C."""
    url = endpoint(port, endpoint_url)
    folder = of if of.startswith(("s3://", "s3a://")) else _folder_of(local("glue", endpoint_url=url), of)
    _check(local("s3", endpoint_url=url), folder)
    console = Console(highlight=False, emoji=False)
    # Without a handler, SIGTERM would end this process only, and leave the history server running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with _history_server(url, folder, ui_port) as process:
        console.print(f"Spark's history server with the logs in {folder}: http://{_LOOPBACK}:{ui_port}", soft_wrap=True)
        console.print("New logs appear within ten seconds. Ctrl-C stops it.", style="dim")
        console.file.flush()
        try:
            process.wait()
        except KeyboardInterrupt:
            return


def _folder_of(glue: Any, job: str) -> str:
    arguments = glue.get_job(JobName=job)["Job"].get("DefaultArguments", {})
    if not arguments.get(_ARGUMENT):
        raise CommandError(
            f"{job} writes no event logs: set --enable-spark-ui and {_ARGUMENT} in its DefaultArguments and run it"
        )
    return str(arguments[_ARGUMENT])


def _check(s3: Any, folder: str) -> None:
    bucket, _, prefix = folder.split("://", 1)[1].partition("/")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix.rstrip('/')}/" if prefix else "", MaxKeys=1)
    if not listed["KeyCount"]:
        raise CommandError(f"{folder} has no event logs: run a job with --enable-spark-ui and {_ARGUMENT} {folder}")


@contextmanager
def _history_server(url: str, folder: str, ui_port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the history server, wait until it answers, and end it afterwards. Raises CommandError with its last words."""
    here = machine()
    jars = connector.class_path(here.cache)
    settings = {key: value for key, value in spark_conf(url, jars).items() if key.startswith("spark.hadoop.")}
    settings |= {
        "spark.history.fs.logDirectory": folder.replace("s3://", "s3a://", 1),
        "spark.history.ui.port": str(ui_port),
        # Spark would try the following ports.
        "spark.port.maxRetries": "0",
    }
    class_path = os.pathsep.join(f"{each}{os.sep}*" for each in (*jars.split(os.pathsep), connector.spark_jars()))
    command = [
        java.find(here.java_home).command,
        *("-Xmx1g", "-Djava.net.preferIPv4Stack=true", "-cp", class_path),
        *(f"-D{key}={value}" for key, value in settings.items()),
        "org.apache.spark.deploy.history.HistoryServer",
    ]
    with tempfile.TemporaryDirectory(prefix="glue-local-history-") as scratch:
        log = Path(scratch) / "log"
        with log.open("wb") as output:
            # Spark serves its pages on this address. It gets no other variable, such as credentials of AWS.
            environment = {"SPARK_LOCAL_IP": _LOOPBACK, "AWS_EC2_METADATA_DISABLED": "true"}
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd=scratch, env=environment)
        try:
            _await_answer(process, ui_port, log)
            yield process
        finally:
            process.terminate()
            process.wait()


def _await_answer(process: "subprocess.Popen[bytes]", ui_port: int, log: Path) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            raise CommandError(f"Spark's history server ended: {_reason(log)}")
        try:
            urllib.request.urlopen(f"http://{_LOOPBACK}:{ui_port}/", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(_POLL)
        else:
            return
    raise CommandError(f"Spark's history server did not answer within {_STARTS_WITHIN:.0f} seconds: {_reason(log)}")


def _reason(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    errors = [line for line in lines if "Exception" in line and not line.startswith("\tat ")]
    return (errors or lines or ["no output"])[-1].strip()
