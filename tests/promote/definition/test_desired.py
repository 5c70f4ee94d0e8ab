"""Errors in a definition are reported with file and line."""

from pathlib import Path

import pytest

from glue_local.promote.definition.desired import Resource, desired
from glue_local.promote.definition.document import DefinitionError

ROOT = Path(__file__).parents[3]


def load(tmp_path: Path, text: str) -> list[Resource]:
    file = tmp_path / "glue-local.yaml"
    file.write_text(text)
    return desired(file, "eu-west-1", "111122223333")


def error_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(DefinitionError) as raised:
        load(tmp_path, text)
    return str(raised.value).replace(f"{tmp_path}/", "")


def test_the_projects_own_definitions_are_valid() -> None:
    resources = desired(ROOT / "glue-local.yaml", "us-east-1", "000000000000")
    assert {"buckets", "scripts", "tables", "delivery_streams", "jobs", "state_machines"} <= {
        each.kind for each in resources
    }
    assert {each.name for each in resources if each.kind == "jobs"} == {
        path.stem for path in (ROOT / "jobs").glob("*.yaml")
    }


def test_resources_are_sorted_by_creation_order(tmp_path: Path) -> None:
    text = "streams: [{StreamName: s, ShardCount: 1}]\nbuckets: [{Bucket: b}]\n"
    assert [each.kind for each in load(tmp_path, text)] == ["buckets", "streams"]


def test_pseudo_variables_are_replaced(tmp_path: Path) -> None:
    [role] = load(tmp_path, "roles: [{RoleName: 'r-${AWS::Region}-${AWS::AccountId}', AssumeRolePolicyDocument: {}}]")
    assert role.request == {"RoleName": "r-eu-west-1-111122223333", "AssumeRolePolicyDocument": "{}"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("buckets:\n  - Bucket: b\nbukets: []\n", "glue-local.yaml:3: unknown key bukets: did you mean buckets?"),
        ("buckets:\n  - bucket: b\n", "glue-local.yaml:2: CreateBucket has no member bucket: did you mean Bucket?"),
        ("buckets:\n  - {}\n", "glue-local.yaml:2: CreateBucket requires Bucket"),
        ("buckets: b\n", "glue-local.yaml:1: expected a list"),
        ("streams:\n  - StreamName: s\n    ShardCount: two\n", "glue-local.yaml:3: expected integer, not 'two'"),
        ("buckets:\n  - Bucket: ${AWS::StackName}\n", "glue-local.yaml:2: unknown variable ${AWS::StackName}"),
        ("buckets: [\n", "glue-local.yaml:2: invalid YAML"),
        ("", "glue-local.yaml:1: the file is empty"),
        (
            "rules:\n  - Name: r\n    EventPattern: '{source'\n",
            "glue-local.yaml:3: EventPattern is not valid JSON: Expecting property name",
        ),
        (
            "rules:\n  - {Name: r, EventPattern: '[1]'}\n",
            "glue-local.yaml:2: EventPattern must be a JSON object, not [1]",
        ),
        ("jobs:\n  - jobs/absent.yaml\n", "glue-local.yaml:2: file jobs/absent.yaml does not exist"),
        (
            "scripts:\n  - {Source: a.py, Destination: s3://b/a.py}\n",
            "glue-local.yaml:2: file a.py does not exist",
        ),
        (
            "triggers:\n  - {Name: t, Type: ON_DEMAND, Actions: [{JobName: j}]}\n",
            "glue-local.yaml:2: trigger t uses the job j, which is not defined under jobs:",
        ),
        (
            "triggers:\n  - {Name: t, Type: ON_DEMAND, WorkflowName: w, Actions: []}\n",
            "glue-local.yaml:2: trigger t uses the workflow w, which is not defined under workflows:",
        ),
        (
            "triggers:\n  - {Name: t, Type: ON_DEMAND, Actions: [{CrawlerName: c}]}\n",
            "glue-local.yaml:2: trigger t uses the crawler c, which is not defined under crawlers:",
        ),
        (
            "rule_targets:\n  - {Rule: r, Targets: []}\n",
            "glue-local.yaml:2: rule_targets: r is not defined under rules:",
        ),
        (
            "bucket_notifications:\n  - {Bucket: b, NotificationConfiguration: {}}\n",
            "glue-local.yaml:2: bucket_notifications: b is not defined under buckets:",
        ),
        (
            "databases:\n  - DatabaseInput:\n      Name: d\n      Descripton: x\n",
            "glue-local.yaml:4: CreateDatabase DatabaseInput has no member Descripton: did you mean Description?",
        ),
    ],
)
def test_an_invalid_definition_is_reported_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    assert error_of(tmp_path, text).startswith(message)


def test_a_pattern_may_be_a_mapping_or_text(tmp_path: Path) -> None:
    [mapping, text] = load(tmp_path, "rules: [{Name: a, EventPattern: {source: [x]}}, {Name: b, EventPattern: '{}'}]")
    assert (mapping.request["EventPattern"], text.request["EventPattern"]) == ('{"source": ["x"]}', "{}")


def test_a_missing_file_raises_definition_error(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="No such file"):
        desired(tmp_path / "absent.yaml", "us-east-1", "000000000000")


def test_errors_in_a_jobs_own_file_refer_to_that_file(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("# CreateJob\nName: j\nRole: r\nTimeOut: 3\nCommand: {Name: glueetl}\n")
    assert (
        error_of(tmp_path, "jobs: [job.yaml]") == "job.yaml:4: CreateJob has no member TimeOut: did you mean Timeout?"
    )


MACHINE = """\
{"States": {"All": {"Type": "Parallel", "Branches": [{"States": {"Run": {"Type": "Task",
 "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"JobName": "absent"}}}}]}}}
"""


def test_a_state_machine_that_starts_an_undefined_job_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.asl.json").write_text(MACHINE)
    message = error_of(tmp_path, "state_machines:\n  - {name: m, roleArn: r, definition: m.asl.json}\n")
    assert message.startswith(
        "glue-local.yaml:2: state Run of m starts the job absent, which is not defined under jobs:"
    )


def test_a_state_machine_definition_with_invalid_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.asl.json").write_text('{\n"a": }')
    message = error_of(tmp_path, "state_machines: [{name: m, roleArn: r, definition: m.asl.json}]")
    assert message.startswith("m.asl.json:2: invalid JSON")


def test_a_job_whose_script_is_not_uploaded_is_refused(tmp_path: Path) -> None:
    text = (
        "buckets: [{Bucket: b}]\n"
        "jobs:\n  - {Name: j, Role: r, Command: {Name: glueetl, ScriptLocation: s3://b/absent.py}}\n"
    )
    assert (
        error_of(tmp_path, text)
        == "glue-local.yaml:3: the script of job j, s3://b/absent.py, is not listed under scripts:"
    )


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    text = (
        "bukets: []\n"
        'buckets:\n  - {Bucket: 5, Tag: x}\n  - {Bucket: "${nowhere}", ACL: "${elsewhere}"}\n'
        "scripts:\n  - {Source: absent.py, Destination: s3://bbb/a.py}\n"
    )
    lines = error_of(tmp_path, text).splitlines()
    assert lines[0] == "the definitions have 6 faults:"
    assert [line.partition(": ")[0] for line in lines[1:]] == [f"glue-local.yaml:{n}" for n in (1, 3, 3, 4, 4, 6)]
    undefined = (
        "triggers:\n"
        "  - {Name: t, Type: ON_DEMAND, Actions: [{JobName: a}, {JobName: b}]}\n"
        "  - {Name: u, Type: ON_DEMAND, WorkflowName: w, Actions: []}\n"
    )
    assert error_of(tmp_path, undefined).startswith("the definitions have 3 faults:\n")
