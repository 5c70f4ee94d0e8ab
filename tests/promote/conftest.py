"""An account in another process, a profile for it, a project to promote, and a local server with its runs."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app
from glue_local.client.clients import of_profile
from glue_local.promote.kinds import Account
from glue_local.promote.kinds.scripts import digest
from glue_local.store import kinds
from tests.e2e.stack import free_port, wait_until

if TYPE_CHECKING:
    from glue_local.server import Server

ACCOUNT = "123456789012"
REGION = "eu-west-1"
ROOT = Path(__file__).parent.parent.parent

PROJECT = """\
project: roads
promotions: s3://scripts/promotions/
variables:
  shards: {type: integer, default: 1}
  team: {default: local}
buckets: [{Bucket: scripts}, {Bucket: data}]
scripts:
  - {Source: a.py, Destination: s3://scripts/jobs/a.py}
  - {Source: shared, Destination: s3://scripts/jobs/shared-1.0-py3-none-any.whl}
roles: [{RoleName: r, AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: [glue.amazonaws.com, scheduler.amazonaws.com, events.amazonaws.com]}, Action: "sts:AssumeRole"}]}}]
role_policies: [{RoleName: r, PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*"}]}}]
streams:
  - StreamName: s
    ShardCount: ${shards}
databases: [{DatabaseInput: {Name: d, Description: first}}]
tables:
  - DatabaseName: d
    TableInput: {Name: t, Parameters: {classification: json}, StorageDescriptor: {Columns: [{Name: a, Type: int}], Location: s3://data/t/}}
delivery_streams:
  - DeliveryStreamName: f
    DeliveryStreamType: DirectPut
    ExtendedS3DestinationConfiguration:
      RoleARN: arn:aws:iam::${AWS::AccountId}:role/r
      BucketARN: arn:aws:s3:::data
      Prefix: raw/
      ErrorOutputPrefix: errors/
      BufferingHints: {IntervalInSeconds: 60, SizeInMBs: 1}
jobs:
  - Name: j
    Role: r
    GlueVersion: "5.0"
    WorkerType: G.1X
    NumberOfWorkers: 2
    Timeout: 60
    MaxRetries: 0
    Command: {Name: glueetl, PythonVersion: "3", ScriptLocation: s3://scripts/jobs/a.py}
    DefaultArguments: {--extra-py-files: s3://scripts/jobs/shared-1.0-py3-none-any.whl, --out: s3://data/out/, --job-bookmark-option: job-bookmark-enable}
bucket_notifications: [{Bucket: data, NotificationConfiguration: {EventBridgeConfiguration: {}}}]
crawlers:
  - {Name: c, Role: r, DatabaseName: d, Schedule: "cron(15 2 * * ? *)", Targets: {S3Targets: [{Path: s3://data/landing/, Exclusions: ["**.tmp"]}]}}
workflows: [{Name: w, DefaultRunProperties: {day: today}, MaxConcurrentRuns: 1}]
triggers:
  - {Name: start, Type: SCHEDULED, Schedule: "cron(30 5 * * ? *)", WorkflowName: w, StartOnCreation: true, Actions: [{JobName: j, Arguments: {--from: s3://data/from/}}]}
  - {Name: crawled, Type: CONDITIONAL, WorkflowName: w, StartOnCreation: true, Actions: [{CrawlerName: c}], Predicate: {Logical: AND, Conditions: [{LogicalOperator: EQUALS, JobName: j, State: SUCCEEDED}]}}
rules:
  - Name: arrived
    State: DISABLED
    EventPattern:
      source: [aws.s3]
      detail-type: [Object Created]
      detail: {bucket: {name: [data]}, object: {key: [{prefix: landing/}]}}
rule_targets:
  - Rule: arrived
    Targets: [{Id: machine, Arn: "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:m", RoleArn: "arn:aws:iam::${AWS::AccountId}:role/r", Input: "{}"}]
state_machines: [{name: m, roleArn: "arn:aws:iam::${AWS::AccountId}:role/r", definition: m.asl.json}]
schedules:
  - Name: nightly
    ScheduleExpression: cron(0 3 * * ? *)
    FlexibleTimeWindow: {Mode: "OFF"}
    Target: {Arn: "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:m", RoleArn: "arn:aws:iam::${AWS::AccountId}:role/r"}
stages:
  prod:
    account: "123456789012"
    region: eu-west-1
    profile: prod
    variables: {shards: 2}
    tags: {team: roads}
    buckets: {scripts: acme-scripts, data: acme-data}
    schedules: off
    jobs: {j: {WorkerType: G.2X, DefaultArguments: {--level: info}}}
"""

SCRIPT = "from awsglue.job import Job\nimport shared\njob = Job(None)\njob.init('j', {})\njob.commit()\n"
MACHINE = {
    "StartAt": "Run",
    "States": {
        "Run": {
            "Type": "Task",
            "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Parameters": {"JobName": "j", "Arguments": {"--in": "s3://data/in/"}},
            "End": True,
        }
    },
}


@pytest.fixture(scope="session")
def account_url() -> Iterator[str]:
    """The endpoint of an account in a separate process."""
    url = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "tests.promote.account", url.rpartition(":")[2]]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(url), 30, "the account to answer")
        yield url
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/moto-api/data.json"):
            return True
    except OSError:
        return False


@pytest.fixture
def profile(account_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A profile for the account, which is empty."""
    reset(account_url)
    (tmp_path / "aws").write_text(f"[profile prod]\nendpoint_url = {account_url}\nregion = {REGION}\n")
    (tmp_path / "credentials").write_text("[prod]\naws_access_key_id = a\naws_secret_access_key = b\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("glue_local.promote.account_access.of_profile", _clients_of)
    return "prod"


def _clients_of(profile: str | None, region: str) -> Callable[[str], Any]:
    """Return the clients of a profile, cached per endpoint, because creating them takes most of a command's time."""
    environment = (os.environ.get(name, "") for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID"))
    files = (Path(os.environ[name]).read_text() for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"))
    return _clients(profile, region, (*files, *environment))


@cache
def _clients(profile: str | None, region: str, _where: tuple[str, ...]) -> Callable[[str], Any]:
    return of_profile(profile, region)


def reset(url: str) -> None:
    """Empty the account."""
    with urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")):
        pass


@pytest.fixture
def there(profile: str) -> Account:
    """The account, with clients that bypass the profile."""
    return Account(_clients_of(profile, REGION), REGION, ACCOUNT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the test project."""
    folder = tmp_path / "project"
    (folder / "shared").mkdir(parents=True)
    (folder / "shared" / "__init__.py").write_text("ROAD = 'E17'\n")
    (folder / "a.py").write_text(SCRIPT)
    (folder / "m.asl.json").write_text(json.dumps(MACHINE, indent=2))
    (folder / "glue-local.yaml").write_text(PROJECT)
    return folder


def edit(folder: Path, old: str, new: str, file: str = "glue-local.yaml") -> None:
    """Replace a text in a file of the project."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


@pytest.fixture
def cli(folder: Path, endpoint: "Server", profile: str) -> Callable[..., Result]:
    """Run a command on the project, with the server ``endpoint`` as local endpoint."""

    def invoke(command: str, *arguments: str) -> Result:
        asks = command in ("plan", "promote") and "--local" not in arguments
        local = ["--local", endpoint.endpoint] if asks else []
        where = ["--file", str(folder / "glue-local.yaml")] if command != "apply" else []
        return CliRunner().invoke(app, [command, *arguments, *where, *local], env={"COLUMNS": "300"})

    return invoke


@pytest.fixture
def tested(folder: Path, endpoint: "Server") -> Callable[..., str]:
    """Record a local run of the project's current script and modules; returns the run's id."""
    from glue_local.promote.definition.wheels import bytes_of

    def note(state: str = "SUCCEEDED", **others: bytes) -> str:
        run_id = f"jr_{os.urandom(4).hex()}"
        documents = endpoint.store.scope("000000000000", "us-east-1")
        run = {"Id": run_id, "JobName": "j", "JobRunState": state, "CompletedOn": 1.0}
        documents.write(kinds.JOB_RUN, "j", run_id, doc=run)
        files = {"shared.whl": digest(bytes_of(folder / "shared", "shared-1.0-py3-none-any.whl"))}
        files |= {name: digest(body) for name, body in others.items()}
        script = digest((folder / "a.py").read_bytes())
        documents.write(kinds.EXECUTED, script, run_id, doc={"JobName": "j", "Files": files})
        return run_id

    return note
