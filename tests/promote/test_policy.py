"""Least-privilege policies: the calls of runs and the needs of definitions, and nothing else."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.client.clients import REGION
from glue_local.promote.definition.desired import desired
from glue_local.promote.definition.stages import LOCAL_ACCOUNT
from glue_local.promote.policy import job_policy
from tests.promote.conftest import ROOT, edit

if TYPE_CHECKING:
    from glue_local.server import Server


def policy(folder: Path, endpoint: "Server", name: str) -> Any:
    done = CliRunner().invoke(
        app, ["policy", name, "--file", str(folder / "glue-local.yaml"), "--local", endpoint.endpoint]
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def allowed(document: Any) -> set[tuple[str, str]]:
    return {(action, on) for each in document["Statement"] for action in each["Action"] for on in each["Resource"]}


def test_a_jobs_policy_covers_its_runs_calls_and_its_definition(
    folder: Path, endpoint: "Server", aws: Callable[..., Any]
) -> None:
    aws("glue").create_job(Name="j", Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/jobs/a.py"})
    run = aws("glue").start_job_run(JobName="j")["JobRunId"]
    as_run = {"user_agent_appid": run[:46], "s3": {"addressing_style": "path"}}

    def client(service: str) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        return boto3.client(service, endpoint_url=endpoint.endpoint, config=Config(**as_run), **keys)

    aws("s3").create_bucket(Bucket="data")
    client("s3").put_object(Bucket="data", Key="out/x", Body=b"1")
    client("s3").get_object(Bucket="data", Key="out/x")
    client("glue").get_databases()
    aws("s3").put_object(Bucket="data", Key="private/x", Body=b"not the run's")
    assert allowed(policy(folder, endpoint, "j")) == {
        ("s3:PutObject", "arn:aws:s3:::data/out/*"),
        ("s3:GetObject", "arn:aws:s3:::data/out/*"),
        ("s3:DeleteObject", "arn:aws:s3:::data/out/*"),
        ("s3:AbortMultipartUpload", "arn:aws:s3:::data/out/*"),
        ("s3:PutObject", "arn:aws:s3:::data/out_$folder$"),
        ("s3:DeleteObject", "arn:aws:s3:::data/out_$folder$"),
        ("glue:GetDatabases", "arn:aws:glue:${AWS::Region}:${AWS::AccountId}:catalog"),
        ("s3:GetObject", "arn:aws:s3:::scripts/jobs/*"),
        *(
            (f"logs:{action}", "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws-glue/jobs/*")
            for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
        ),
    }


STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/s"
READ_A_STREAM = ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")


def test_reading_a_stream_locally_allows_the_calls_of_aws_connector(folder: Path) -> None:
    [job] = [each for each in desired(folder / "glue-local.yaml", REGION, LOCAL_ACCOUNT) if each.kind == "jobs"]
    calls = [
        {"Action": "kinesis:GetShardIterator", "Resource": STREAM},
        {"Action": "kinesis:GetRecords", "Resource": "*"},
    ]
    there = "arn:aws:kinesis:${AWS::Region}:${AWS::AccountId}:stream/s"
    read = {each for each in allowed(job_policy(job, calls)) if each[0].startswith("kinesis:")}
    assert read == {(f"kinesis:{action}", there) for action in READ_A_STREAM}


def test_only_spark_jobs_may_delete_their_output(folder: Path) -> None:
    [job] = [each for each in desired(folder / "glue-local.yaml", REGION, LOCAL_ACCOUNT) if each.kind == "jobs"]
    put = [{"Action": "s3:PutObject", "Resource": "arn:aws:s3:::data/out/*"}]
    shell = replace(job, request={**job.request, "Command": {"Name": "pythonshell"}})
    undo = {("s3:DeleteObject", "arn:aws:s3:::data/out/*"), ("s3:AbortMultipartUpload", "arn:aws:s3:::data/out/*")}
    assert undo <= allowed(job_policy(job, put))
    assert not undo & allowed(job_policy(shell, put))


def test_every_job_of_the_example_has_a_policy_that_covers_checkpoints() -> None:
    resources = desired(ROOT / "glue-local.yaml", REGION, LOCAL_ACCOUNT)
    policies = {each.request["PolicyName"]: each.request for each in resources if each.kind == "role_policies"}
    for job in (each for each in resources if each.kind == "jobs"):
        assert policies[job.name]["RoleName"] == job.request["Role"]
        document = json.loads(policies[job.name]["PolicyDocument"])
        may = allowed(document)
        undo = ("s3:DeleteObject", "s3:AbortMultipartUpload") if job.request["Command"]["Name"] != "pythonshell" else ()
        written = {on for action, on in may if action == "s3:PutObject" and "/temp/" not in on}
        assert written
        assert {(action, on) for action in undo for on in written} <= may
    may = allowed(json.loads(policies["stream_jams"]["PolicyDocument"]))
    stream = f"arn:aws:kinesis:{REGION}:{LOCAL_ACCOUNT}:stream/traffic-events"
    assert {(f"kinesis:{action}", stream) for action in READ_A_STREAM} <= may
    checkpoints = "arn:aws:s3:::traffic-curated/checkpoints/*"
    assert {(f"s3:{action}Object", checkpoints) for action in ("Get", "Put", "Delete")} <= may
    assert ("s3:ListBucket", "arn:aws:s3:::traffic-curated") in may


def test_a_state_machines_policy_allows_running_its_jobs(folder: Path, endpoint: "Server") -> None:
    assert {on for _, on in allowed(policy(folder, endpoint, "m"))} == {
        "arn:aws:glue:${AWS::Region}:${AWS::AccountId}:job/j"
    }
    edit(folder, '"JobName": "j"', '"JobName.$": "$.job"', "m.asl.json")
    assert {on for _, on in allowed(policy(folder, endpoint, "m"))} == {
        "arn:aws:glue:${AWS::Region}:${AWS::AccountId}:job/*"
    }


def test_a_state_machines_policy_allows_starting_its_crawlers(folder: Path, endpoint: "Server") -> None:
    edit(folder, "states:::glue:startJobRun.sync", "states:::aws-sdk:glue:startCrawler", "m.asl.json")
    edit(folder, '"JobName": "j"', '"Name": "c"', "m.asl.json")
    assert allowed(policy(folder, endpoint, "m")) == {
        ("glue:StartCrawler", "arn:aws:glue:${AWS::Region}:${AWS::AccountId}:crawler/c")
    }


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("states:${AWS::Region}:${AWS::AccountId}:stateMachine:m", ("states:StartExecution", None)),
        ("glue:${AWS::Region}:${AWS::AccountId}:workflow/w", ("glue:NotifyEvent", None)),
        ("kinesis:${AWS::Region}:${AWS::AccountId}:stream/s", ("kinesis:PutRecord", None)),
    ],
)
def test_a_rules_policy_allows_its_targets(
    target: str, expected: tuple[str, str | None], folder: Path, endpoint: "Server"
) -> None:
    machine = "states:${AWS::Region}:${AWS::AccountId}:stateMachine:m"
    edit(folder, f'Id: machine, Arn: "arn:aws:{machine}', f'Id: machine, Arn: "arn:aws:{target}')
    assert allowed(policy(folder, endpoint, "arrived")) == {(expected[0], f"arn:aws:{target}")}


@pytest.mark.parametrize(
    ("call", "given", "expected"),
    [
        ("glue:startJobRun", {"JobName": "j"}, {("glue:StartJobRun", "glue:job/j")}),
        ("glue:startCrawler", {"Name": "c"}, {("glue:StartCrawler", "glue:crawler/c")}),
        ("glue:startWorkflowRun", {}, {("glue:StartWorkflowRun", "glue:workflow/*")}),
        ("sqs:sendMessage", {}, {("sqs:SendMessage", "*")}),
    ],
)
def test_a_schedules_policy_allows_its_call(
    call: str, given: dict[str, str], expected: set[tuple[str, str]], folder: Path, endpoint: "Server"
) -> None:
    machine = "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:m"
    edit(
        folder,
        f'Target: {{Arn: "{machine}"',
        f"Target: {{Input: '{json.dumps(given)}', Arn: \"arn:aws:scheduler:::aws-sdk:{call}\"",
    )
    place = "${AWS::Region}:${AWS::AccountId}"
    found = {
        (action, on.replace(f"arn:aws:glue:{place}:", "glue:"))
        for action, on in allowed(policy(folder, endpoint, "nightly"))
    }
    assert found == expected


def test_a_target_without_known_permission_is_refused(folder: Path, endpoint: "Server") -> None:
    edit(folder, 'Id: machine, Arn: "arn:aws:states:', 'Id: machine, Arn: "arn:aws:batch:')
    done = CliRunner().invoke(
        app, ["policy", "arrived", "--file", str(folder / "glue-local.yaml"), "--local", endpoint.endpoint]
    )
    assert done.exit_code == 1
    assert "is not known: write the policy manually" in done.output.replace("\n", " ")


def test_the_examples_rule_and_schedule_have_their_policies(endpoint: "Server") -> None:
    for name in ("traffic-hourly", "traffic-arrivals"):
        assert policy(ROOT, endpoint, name) == json.loads((ROOT / "policies" / f"{name}.json").read_text())


def test_an_unknown_name_is_refused(folder: Path, endpoint: "Server") -> None:
    done = CliRunner().invoke(
        app, ["policy", "x", "--file", str(folder / "glue-local.yaml"), "--local", endpoint.endpoint]
    )
    assert done.exit_code == 1
    assert (
        "does not define a job, state machine, schedule or rule with targets x: choose one of"
        in done.output.replace("\n", "")
    )
