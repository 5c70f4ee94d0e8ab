"""A server with a real worker, and jobs with short scripts."""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import boto3
import pytest

from glue_local.cli.up import settings_for
from glue_local.server import Server
from glue_local.settings import Settings

ENDED = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT")


class Ended(NamedTuple):
    """An ended run with its output."""

    state: str
    message: str | None
    output: list[str]
    error: list[str]
    run: dict[str, Any]


class Bench:
    """Runs scripts on a server with a real worker."""

    def __init__(self, server: Server | str) -> None:
        """Use a server in this process, or another process's endpoint."""
        self.endpoint = server if isinstance(server, str) else server.endpoint
        if isinstance(server, Server):
            self.server = server
        self.glue, self.s3, self.logs = (self.client(name) for name in ("glue", "s3", "logs"))
        self.s3.create_bucket(Bucket="scripts")
        self._count = 0

    def client(self, service: str, account: str = "000000000000") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=account,
            aws_secret_access_key="test",
        )

    def job(self, script: str, command: str = "pythonshell", **definition: Any) -> str:
        """Create a job for a script and return its name."""
        self._count += 1
        name = f"job-{self._count}"
        self.s3.put_object(Bucket="scripts", Key=f"{name}.py", Body=script.encode())
        location = {"Name": command, "ScriptLocation": f"s3://scripts/{name}.py"}
        self.glue.create_job(Name=name, Role="arn:aws:iam::000000000000:role/r", Command=location, **definition)
        return name

    def start(self, name: str, **arguments: str) -> str:
        """Start a run and return its id."""
        given = {f"--{key}": value for key, value in arguments.items()}
        return str(self.glue.start_job_run(JobName=name, Arguments=given)["JobRunId"])

    def state(self, name: str, run_id: str) -> dict[str, Any]:
        """Return the JobRun."""
        return dict(self.glue.get_job_run(JobName=name, RunId=run_id)["JobRun"])

    def await_state(self, name: str, run_id: str, *states: str, seconds: float = 180) -> dict[str, Any]:
        """Wait until the JobRun is in one of the states and return it."""
        end = time.monotonic() + seconds
        while (run := self.state(name, run_id))["JobRunState"] not in states:
            assert time.monotonic() < end, f"{run['JobRunState']} after {seconds} s, wanted {states}"
            time.sleep(0.05)
        return run

    def ended(self, name: str, run_id: str) -> Ended:
        """Wait for the end of a run."""
        run = self.await_state(name, run_id, *ENDED)
        lines = [self.lines(run, kind) for kind in ("output", "error")]
        return Ended(run["JobRunState"], run.get("ErrorMessage"), *lines, run)

    def run(self, script: str, command: str = "pythonshell", arguments: Any = None, **definition: Any) -> Ended:
        """Create a job, run it, and wait until it ends."""
        name = self.job(script, command, **definition)
        return self.ended(name, self.start(name, **(arguments or {})))

    def lines(self, run: dict[str, Any], kind: str) -> list[str]:
        """Return the lines in one of a run's log streams."""
        try:
            events = self.logs.get_log_events(
                logGroupName=f"{run['LogGroupName']}/{kind}", logStreamName=run["Id"], startFromHead=True
            )["events"]
        except self.logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"] for event in events]


@pytest.fixture(scope="module")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A server with a worker of two slots and one warm driver, or the module's WARM_DRIVERS."""
    warm = getattr(request.module, "WARM_DRIVERS", "1")
    environment = {**settings_for(0, None).child_environment, "GLUE_LOCAL_WARM_DRIVERS": warm}
    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("worker"), child_environment=environment)
    with Server(settings) as server:
        yield Bench(server)
