"""Usage profiles through boto3: stored, assigned by a tag in IAM, applied to jobs and runs.

https://docs.aws.amazon.com/glue/latest/dg/start-usage-profiles-managing.html
https://docs.aws.amazon.com/glue/latest/dg/start-usage-profiles-jobs.html
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError

from glue_local.server import Server

Aws = Callable[..., Any]
ROLE = "arn:aws:iam::000000000000:role/glue"
SPARK = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
LIMITS = {
    "JobConfiguration": {
        "numberOfWorkers": {"DefaultValue": "4", "MinValue": "2", "MaxValue": "5"},
        "workerType": {"DefaultValue": "G.2X", "AllowedValues": ["G.1X", "G.2X"]},
        "timeout": {"DefaultValue": "30", "MaxValue": "60"},
    },
    "SessionConfiguration": {"idleTimeout": {"DefaultValue": "30"}},
}


@pytest.fixture
def glue(aws: Aws) -> Any:
    return aws("glue")


@pytest.fixture
def limited(endpoint: Server, aws: Aws, glue: Any) -> Any:
    """A Glue client of an IAM user with a usage profile."""
    name = f"limited-{uuid4().hex}"
    glue.create_usage_profile(Name=name, Configuration=LIMITS)
    iam = aws("iam")
    iam.create_user(UserName=name, Path="/team/", Tags=[{"Key": "glue:UsageProfile", "Value": name}])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return client(endpoint, key["AccessKeyId"])


def client(endpoint: Server, key: str, token: str | None = None) -> Any:
    return boto3.client(
        "glue",
        endpoint_url=endpoint.endpoint,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key="secret",
        aws_session_token=token,
    )


def create(glue: Any, name: str, **more: Any) -> Any:
    glue.create_job(Name=name, Role=ROLE, Command=SPARK, **more)
    return glue.get_job(JobName=name)["Job"]


def code(refusal: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refusal.value.response["Error"]["Code"])


def test_profiles_are_created_read_changed_listed_and_deleted(glue: Any) -> None:
    glue.create_usage_profile(Name="analysts", Description="d", Configuration=LIMITS, Tags={"team": "a"})
    found = glue.get_usage_profile(Name="analysts")
    assert (found["Configuration"], found["Description"]) == (LIMITS, "d")
    assert found["CreatedOn"] == found["LastModifiedOn"]
    arn = "arn:aws:glue:us-east-1:000000000000:usageProfile/analysts"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "a"}
    with pytest.raises(ClientError) as twice:
        glue.create_usage_profile(Name="analysts", Configuration=LIMITS)
    assert code(twice) == "AlreadyExistsException"
    other = {"SessionConfiguration": {"idleTimeout": {"DefaultValue": "5"}}}
    glue.update_usage_profile(Name="analysts", Configuration=other)
    changed = glue.get_usage_profile(Name="analysts")
    assert (changed["Configuration"], "Description" in changed) == (other, False)
    assert "analysts" in [each["Name"] for each in glue.list_usage_profiles()["Profiles"]]
    glue.delete_usage_profile(Name="analysts")
    glue.delete_usage_profile(Name="analysts")
    for call in (glue.get_usage_profile, lambda Name: glue.update_usage_profile(Name=Name, Configuration=other)):
        with pytest.raises(ClientError, match="Usage profile analysts not found") as absent:
            call(Name="analysts")
        assert code(absent) == "EntityNotFoundException"


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ({}, "at least one parameter"),
        ({"JobConfiguration": {}}, "at least one parameter"),
        ({"JobConfiguration": {"idleTimeout": {"DefaultValue": "1"}}}, "JobConfiguration has no parameter idleTimeout"),
        ({"JobConfiguration": {"timeout": {"DefaultValue": "0"}}}, "DefaultValue of timeout must be a whole number"),
        ({"JobConfiguration": {"timeout": {"MinValue": "9", "MaxValue": "8"}}}, "must be in this order"),
        ({"JobConfiguration": {"timeout": {"AllowedValues": ["9"]}}}, "use MinValue and MaxValue"),
        ({"JobConfiguration": {"workerType": {"MinValue": "G.1X"}}}, "use AllowedValues"),
        ({"JobConfiguration": {"workerType": {"AllowedValues": []}}}, "must have at least one value"),
        ({"JobConfiguration": {"workerType": {"AllowedValues": ["G.3X"]}}}, "Worker Type G.3X is not supported"),
        (
            {"JobConfiguration": {"workerType": {"AllowedValues": ["G.1X"], "DefaultValue": "G.2X"}}},
            "must be one of its AllowedValues, not G.2X",
        ),
    ],
)
def test_invalid_profiles_are_refused(glue: Any, configuration: Any, message: str) -> None:
    with pytest.raises(ClientError, match=message) as refusal:
        glue.create_usage_profile(Name="invalid", Configuration=configuration)
    assert code(refusal) == "InvalidInputException"


def test_a_job_gets_its_authors_defaults_and_profile(glue: Any, limited: Any) -> None:
    job = create(limited, "defaults")
    assert (job["WorkerType"], job["NumberOfWorkers"], job["Timeout"]) == ("G.2X", 4, 30)
    profile = job["ProfileName"]
    assert profile.startswith("limited-")
    own = create(limited, "own", WorkerType="G.1X", NumberOfWorkers=5, Timeout=60)
    assert (own["WorkerType"], own["NumberOfWorkers"], own["Timeout"]) == ("G.1X", 5, 60)
    assert create(limited, "dpus", MaxCapacity=3.0)["MaxCapacity"] == 3.0
    glue.update_job(JobName="own", JobUpdate={"Role": ROLE, "Command": SPARK})
    assert "ProfileName" not in glue.get_job(JobName="own")["Job"], "its new author has no profile"


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"WorkerType": "G.1X", "NumberOfWorkers": 6}, "NumberOfWorkers 6 .*: the minimum is 2, the maximum is 5"),
        ({"WorkerType": "G.1X", "NumberOfWorkers": 1}, "NumberOfWorkers 1 is not allowed"),
        ({"WorkerType": "G.4X", "NumberOfWorkers": 2}, "WorkerType G.4X .*: use one of G.1X, G.2X"),
        ({"WorkerType": "G.1X", "NumberOfWorkers": 2, "Timeout": 61}, "Timeout 61 .*: the maximum is 60"),
    ],
)
def test_jobs_and_runs_outside_the_callers_limits_are_refused(
    glue: Any, limited: Any, members: Any, message: str
) -> None:
    with pytest.raises(ClientError, match=message) as refusal:
        create(limited, "refused", **members)
    assert code(refusal) == "InvalidInputException"
    free = f"free-{uuid4().hex}"
    create(glue, free, **members)
    with pytest.raises(ClientError, match=message):
        limited.start_job_run(JobName=free)
    glue.start_job_run(JobName=free)


def test_a_run_has_its_callers_profile(glue: Any, limited: Any) -> None:
    create(glue, "run", WorkerType="G.1X", NumberOfWorkers=2, Timeout=5, ExecutionProperty={"MaxConcurrentRuns": 2})
    run_id = limited.start_job_run(JobName="run", NumberOfWorkers=3, WorkerType="G.2X")["JobRunId"]
    run = glue.get_job_run(JobName="run", RunId=run_id)["JobRun"]
    assert run["ProfileName"].startswith("limited-")
    others = glue.start_job_run(JobName="run", NumberOfWorkers=9, WorkerType="G.2X")["JobRunId"]
    assert "ProfileName" not in glue.get_job_run(JobName="run", RunId=others)["JobRun"]


def test_a_role_is_limited_too_and_a_missing_profile_is_named(
    endpoint: Server, aws: Aws, glue: Any, limited: Any
) -> None:
    iam, trust = aws("iam"), json.dumps({"Version": "2012-10-17", "Statement": []})
    tags = [{"Key": "glue:UsageProfile", "Value": "gone"}]
    role = iam.create_role(RoleName="limited", AssumeRolePolicyDocument=trust, Tags=tags)["Role"]["Arn"]
    session = aws("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    as_role = client(endpoint, session["AccessKeyId"], session["SessionToken"])
    with pytest.raises(ClientError, match="Usage profile gone not found") as refusal:
        create(as_role, "of-a-role")
    assert code(refusal) == "EntityNotFoundException"


def test_a_trigger_applies_the_jobs_profile_with_a_failed_run(glue: Any, limited: Any) -> None:
    job = create(limited, "triggered", WorkerType="G.1X", NumberOfWorkers=2)
    glue.create_trigger(Name="t", Type="ON_DEMAND", Actions=[{"JobName": "triggered", "Timeout": 61}])
    glue.start_trigger(Name="t")
    runs: list[Any] = []
    while not runs:
        runs = glue.get_job_runs(JobName="triggered")["JobRuns"]
    assert runs[0]["JobRunState"] == "FAILED"
    assert f"Timeout 61 is not allowed by the usage profile {job['ProfileName']}" in runs[0]["ErrorMessage"]
