"""A server with a clock that the test sets; the test takes the place of the loop that processes events."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from glue_local import runs, work
from glue_local.server import Server
from glue_local.settings import Settings

START = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
ACCOUNT, REGION = "000000000000", "us-east-1"


class Clock:
    """A clock that the test sets."""

    now = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """A server, its clock, and clients of it."""

    server: Server
    clock: Clock
    clients: dict[str, Any] = field(default_factory=dict)

    def aws(self, service: str) -> Any:
        """Return a client, always the same for a service."""
        if service not in self.clients:
            self.clients[service] = boto3.client(
                service,
                endpoint_url=self.server.endpoint,
                region_name=REGION,
                aws_access_key_id=ACCOUNT,
                aws_secret_access_key="test",
                config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
            )
        return self.clients[service]

    def settle(self) -> float | None:
        """Process what is due at the clock's time; return the time of the next step."""
        return self.server.advance_events(self.clock.now.timestamp())

    def set(self, now: datetime | str) -> float | None:
        """Set the clock, to a time in UTC, and process what is due."""
        self.clock.now = datetime.fromisoformat(now).replace(tzinfo=timezone.utc) if isinstance(now, str) else now
        return self.settle()

    def follow(self, until: datetime | str) -> None:
        """Advance the clock to ``until``, stopping at each time at which something is due, as the server's loop does."""
        end = datetime.fromisoformat(until).replace(tzinfo=timezone.utc) if isinstance(until, str) else until
        following = self.settle()
        while following is not None and following <= end.timestamp():
            following = self.set(datetime.fromtimestamp(following, timezone.utc))
        self.set(end)

    def pass_time(self, **duration: float) -> float | None:
        """Advance the clock in one step; takes ``timedelta``'s arguments."""
        return self.set(self.clock.now + timedelta(**duration))

    def queue(self, name: str = "q") -> str:
        """Create a queue; return its ARN."""
        self.aws("sqs").create_queue(QueueName=name)
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"

    def messages(self, name: str = "q") -> list[Any]:
        """Take all messages from a queue; return what their bodies contain."""
        sqs = self.aws("sqs")
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        found = []
        while batch := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in batch:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"]))
        return found

    def rule(self, name: str, *targets: Any, pattern: Any = None, **more: Any) -> None:
        """Put a rule with targets: dictionaries, or ARNs."""
        events = self.aws("events")
        given = {} if pattern is None else {"EventPattern": json.dumps(pattern)}
        events.put_rule(Name=name, **given, **more)
        whole = [target if isinstance(target, dict) else {"Arn": target} for target in targets]
        events.put_targets(Rule=name, Targets=[{"Id": f"t{n}", **target} for n, target in enumerate(whole)])

    def job(self, name: str, **more: Any) -> None:
        """Create a job."""
        command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
        self.aws("glue").create_job(Name=name, Role="r", Command=command, **more)

    def end_run(self, state: str, message: str | None = None) -> str:
        """Claim the oldest run and end it as a worker does; return its id."""
        private = self.server.private
        taken = work.claim(private, [runs.JOB_RUN], "w", ("glueetl", "pythonshell"))
        assert taken is not None
        work.begun(private, runs.JOB_RUN, taken.work_id, taken.claim["claim"])
        if state == "STOPPED":
            run = taken.documents.read("job_run", taken.document["JobName"], taken.work_id)
            runs.stop(private, taken.documents, run or {})
        runs.finish(private, taken.work_id, taken.claim["claim"], work.Ending(state, message), 1)
        return taken.work_id


def started(folder: Path, clock: Clock) -> Server:
    """Return a server whose loops the test replaces; it has to be entered."""
    return Server(Settings(port=0, data_dir=folder / "data", children=()), clock=clock)


def stop_loops(server: Server) -> None:
    """Stop the loops of a server, so that nothing happens between the steps of a test."""
    server.events.__exit__(None, None, None)
    server.schedule.__exit__(None, None, None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = Clock()
    with started(tmp_path, clock) as server:
        stop_loops(server)
        yield World(server, clock)
