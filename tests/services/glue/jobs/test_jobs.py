"""Jobs and job runs through boto3: defaults, capacity, listings, errors."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::000000000000:role/glue"
SPARK = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
SHELL = {"Name": "pythonshell", "ScriptLocation": "s3://scripts/a.py"}


@pytest.fixture
def glue(aws: Any, request: pytest.FixtureRequest) -> Any:
    """A Glue client for the test's own account."""
    return aws("glue", f"{abs(hash(request.node.name)) % 10**12:012d}")


def create(glue: Any, name: str = "j", command: Any = SPARK, **more: Any) -> Any:
    glue.create_job(Name=name, Role=ROLE, Command=command, **more)
    return glue.get_job(JobName=name)["Job"]


def code(refusal: Any) -> str:
    return str(refusal.value.response["Error"]["Code"])


def test_a_spark_job_has_awss_defaults(glue: Any) -> None:
    job = create(glue)
    assert (job["MaxRetries"], job["ExecutionProperty"]["MaxConcurrentRuns"], job["Timeout"]) == (0, 1, 480)
    assert (job["GlueVersion"], job["WorkerType"], job["NumberOfWorkers"], job["MaxCapacity"]) == (
        "5.0",
        "G.1X",
        10,
        10,
    )
    assert job["Command"]["PythonVersion"] == "3"
    assert create(glue, "old", GlueVersion="4.0")["Timeout"] == 2880


def test_a_python_shell_job_has_a_sixteenth_of_a_dpu(glue: Any) -> None:
    job = create(glue, command=SHELL)
    assert (job["MaxCapacity"], job["Command"]["PythonVersion"]) == (0.0625, "3.9")
    assert "WorkerType" not in job


@pytest.mark.parametrize(
    "definition",
    [
        {"WorkerType": "G.1X"},
        {"WorkerType": "G.1X", "NumberOfWorkers": 2, "MaxCapacity": 2.0},
        {"MaxCapacity": 1.0},
        {"WorkerType": "G.4X", "NumberOfWorkers": 2, "ExecutionClass": "FLEX"},
        {"Command": {"Name": "glueetl"}},
        {"Command": {"Name": "scala", "ScriptLocation": "s3://a/b"}},
        {"Command": SHELL, "MaxCapacity": 2.0},
        {"Command": SHELL, "WorkerType": "G.1X", "NumberOfWorkers": 2},
        {"Command": SHELL, "ExecutionClass": "FLEX"},
        {"WorkerType": "G.1X", "NumberOfWorkers": 0},
        {"MaxRetries": 11},
        {"MaxRetries": -1},
        {"Timeout": 10_081},
        {"GlueVersion": "9.9"},
        {"GlueVersion": "2.0", "ExecutionClass": "FLEX"},
        {"Command": {**SPARK, "Name": "gluestreaming"}, "ExecutionClass": "FLEX"},
        {"Command": {**SPARK, "PythonVersion": "3.9"}},
        {"Command": {**SHELL, "PythonVersion": "2"}},
        {"ExecutionProperty": {"MaxConcurrentRuns": 0}},
        {"Role": ""},
        {"Tags": {"aws:team": "x"}},
    ],
)
def test_invalid_jobs_are_refused_as_on_aws(glue: Any, definition: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refusal:
        glue.create_job(**{"Name": "j", "Role": ROLE, "Command": SPARK, **definition})
    assert code(refusal) == "InvalidInputException"


@pytest.mark.parametrize(
    "definition",
    [{"Command": {"Name": "glueray", "ScriptLocation": "s3://a/b"}}, {"SourceControlDetails": {"Owner": "o"}}],
)
def test_unsupported_settings_are_refused(glue: Any, definition: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refusal:
        glue.create_job(**{"Name": "j", "Role": ROLE, "Command": SPARK, **definition})
    assert code(refusal) == "NotEmulatedByGlueLocalException"


@pytest.mark.parametrize(
    ("command", "wanted", "expected"),
    [
        (SHELL, {"ExecutionClass": "FLEX"}, "InvalidInputException"),
        (SPARK, {"ExecutionClass": "FLEX", "WorkerType": "G.4X", "NumberOfWorkers": 2}, "InvalidInputException"),
        (SPARK, {"Arguments": {"--big": "x" * 300_000}}, "ResourceNumberLimitExceededException"),
    ],
)
def test_a_run_has_the_same_limits_as_a_job(
    glue: Any, command: dict[str, Any], wanted: dict[str, Any], expected: str
) -> None:
    create(glue, command=command)
    with pytest.raises(ClientError) as refusal:
        glue.start_job_run(JobName="j", **wanted)
    assert code(refusal) == expected
    assert glue.get_job_runs(JobName="j")["JobRuns"] == []


def test_a_repeated_run_has_the_same_timeout(glue: Any) -> None:
    create(glue, ExecutionProperty={"MaxConcurrentRuns": 2})
    first = glue.start_job_run(JobName="j", Timeout=5)["JobRunId"]
    again = glue.start_job_run(JobName="j", JobRunId=first)["JobRunId"]
    assert glue.get_job_run(JobName="j", RunId=again)["JobRun"]["Timeout"] == 5


def test_duplicate_and_missing_jobs_are_refused(glue: Any) -> None:
    create(glue)
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        create(glue)
    for call in (
        lambda: glue.get_job(JobName="nobody"),
        lambda: glue.update_job(JobName="nobody", JobUpdate={"Role": ROLE, "Command": SPARK}),
        lambda: glue.start_job_run(JobName="nobody"),
        lambda: glue.get_job_run(JobName="j", RunId="jr_nobody"),
        lambda: glue.get_job_runs(JobName="nobody"),
    ):
        with pytest.raises(glue.exceptions.EntityNotFoundException):
            call()
    assert glue.delete_job(JobName="nobody")["JobName"] == "nobody"


def test_an_update_replaces_the_definition(glue: Any) -> None:
    created = create(glue, Description="first", MaxRetries=2, DefaultArguments={"--a": "1"})
    glue.update_job(JobName="j", JobUpdate={"Role": ROLE, "Command": SPARK, "MaxRetries": 1})
    job = glue.get_job(JobName="j")["Job"]
    assert (job["MaxRetries"], job["DefaultArguments"]) == (1, {})
    assert "Description" not in job
    assert job["CreatedOn"] == created["CreatedOn"]


def test_jobs_are_listed_by_page_and_tag(glue: Any) -> None:
    for name in ("a", "b", "c"):
        create(glue, name, Tags={"team": "x" if name == "b" else "y"})
    first = glue.get_jobs(MaxResults=2)
    assert [job["Name"] for job in first["Jobs"]] == ["a", "b"]
    assert [job["Name"] for job in glue.get_jobs(NextToken=first["NextToken"])["Jobs"]] == ["c"]
    assert glue.list_jobs(Tags={"team": "x"})["JobNames"] == ["b"]
    found = glue.batch_get_jobs(JobNames=["a", "z"])
    assert ([job["Name"] for job in found["Jobs"]], found["JobsNotFound"]) == (["a"], ["z"])
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.get_jobs(NextToken="not a token")


def test_the_size_of_arguments_is_limited(glue: Any) -> None:
    with pytest.raises(ClientError) as refusal:
        create(glue, DefaultArguments={"--a": "x" * 270_000})
    assert code(refusal) == "ResourceNumberLimitExceededException"


def test_a_timeout_is_at_most_seven_days(glue: Any) -> None:
    create(glue)
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.start_job_run(JobName="j", Timeout=10_081)
    assert glue.get_job_runs(JobName="j")["JobRuns"] == []


def test_runs_are_listed_newest_first_with_their_arguments(glue: Any) -> None:
    create(glue, ExecutionProperty={"MaxConcurrentRuns": 5}, WorkerType="G.1X", NumberOfWorkers=3)
    first = glue.start_job_run(JobName="j", Arguments={"--day": "monday"}, Timeout=7)["JobRunId"]
    again = glue.start_job_run(JobName="j", JobRunId=first)["JobRunId"]
    bigger = glue.start_job_run(JobName="j", WorkerType="G.2X", NumberOfWorkers=2)["JobRunId"]
    runs = {run["Id"]: run for run in glue.get_job_runs(JobName="j")["JobRuns"]}
    assert list(runs)[-1] == first
    assert (runs[first]["Timeout"], runs[first]["MaxCapacity"], runs[first]["Attempt"]) == (7, 3.0, 0)
    assert runs[again]["Arguments"] == {"--day": "monday"}
    assert runs[again]["PreviousRunId"] == first
    assert (runs[bigger]["WorkerType"], runs[bigger]["MaxCapacity"]) == ("G.2X", 4.0)
    page = glue.get_job_runs(JobName="j", MaxResults=2)
    assert len(page["JobRuns"]) == 2
    assert len(glue.get_job_runs(JobName="j", NextToken=page["NextToken"])["JobRuns"]) == 1


@pytest.mark.parametrize(("listing", "member"), [("get_jobs", "Jobs"), ("list_jobs", "JobNames")])
def test_jobs_deleted_between_pages_hide_no_others(glue: Any, listing: str, member: str) -> None:
    for n in range(11):
        create(glue, f"j{n}")
    for page in glue.get_paginator(listing).paginate(PaginationConfig={"PageSize": 4}):
        for job in page[member]:
            glue.delete_job(JobName=job if isinstance(job, str) else job["Name"])
    assert glue.list_jobs()["JobNames"] == []


def test_runs_started_between_pages_repeat_no_others(glue: Any) -> None:
    create(glue, ExecutionProperty={"MaxConcurrentRuns": 20})
    started = [glue.start_job_run(JobName="j")["JobRunId"] for _ in range(7)]
    seen = []
    for page in glue.get_paginator("get_job_runs").paginate(JobName="j", PaginationConfig={"PageSize": 3}):
        seen += [run["Id"] for run in page["JobRuns"]]
        glue.start_job_run(JobName="j")
    assert seen == started[::-1]
