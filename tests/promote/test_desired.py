"""What is wrong with a definition is said with its file and line."""

from pathlib import Path

import pytest

from glue_local.promote.desired import Resource, desired
from glue_local.promote.document import DefinitionError

ROOT = Path(__file__).parent.parent.parent


def load(tmp_path: Path, text: str) -> list[Resource]:
    file = tmp_path / "glue-local.yaml"
    file.write_text(text)
    return desired(file, "eu-west-1", "111122223333")


def complaint(tmp_path: Path, text: str) -> str:
    with pytest.raises(DefinitionError) as raised:
        load(tmp_path, text)
    return str(raised.value).replace(f"{tmp_path}/", "")


def test_the_projects_own_definitions_are_good() -> None:
    resources = desired(ROOT / "glue-local.yaml", "us-east-1", "000000000000")
    assert {"buckets", "scripts", "tables", "delivery_streams", "jobs", "state_machines"} <= {
        each.kind for each in resources
    }
    assert {each.name for each in resources if each.kind == "jobs"} == {
        path.stem for path in (ROOT / "jobs").glob("*.yaml")
    }


def test_kinds_come_in_the_order_of_their_making(tmp_path: Path) -> None:
    text = "streams: [{StreamName: s, ShardCount: 1}]\nbuckets: [{Bucket: b}]\n"
    assert [each.kind for each in load(tmp_path, text)] == ["buckets", "streams"]


def test_variables(tmp_path: Path) -> None:
    [role] = load(tmp_path, "roles: [{RoleName: 'r-${AWS::Region}-${AWS::AccountId}', AssumeRolePolicyDocument: {}}]")
    assert role.request == {"RoleName": "r-eu-west-1-111122223333", "AssumeRolePolicyDocument": "{}"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("buckets:\n  - Bucket: b\nbukets: []\n", "glue-local.yaml:3: unknown key bukets; known are buckets,"),
        ("buckets:\n  - bucket: b\n", "glue-local.yaml:2: CreateBucket has no bucket; did you mean Bucket?"),
        ("buckets:\n  - {}\n", "glue-local.yaml:2: CreateBucket needs Bucket"),
        ("buckets: b\n", "glue-local.yaml:1: expected a list here"),
        ("streams:\n  - StreamName: s\n    ShardCount: two\n", "glue-local.yaml:3: expected integer, not 'two'"),
        ("buckets:\n  - Bucket: ${AWS::StackName}\n", "glue-local.yaml:2: ${AWS::StackName} is not known here"),
        ("buckets: [\n", "glue-local.yaml:2: is not YAML"),
        ("", "glue-local.yaml:1: is empty"),
        ("jobs:\n  - jobs/absent.yaml\n", "glue-local.yaml:2: there is no file jobs/absent.yaml"),
        (
            "scripts:\n  - {Source: a.py, Destination: s3://b/a.py}\n",
            "glue-local.yaml:2: there is no file a.py",
        ),
        (
            "databases:\n  - DatabaseInput:\n      Name: d\n      Descripton: x\n",
            "glue-local.yaml:4: CreateDatabase DatabaseInput has no Descripton; it has Name, Description",
        ),
    ],
)
def test_complaints(tmp_path: Path, text: str, said: str) -> None:
    assert complaint(tmp_path, text).startswith(said)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="No such file"):
        desired(tmp_path / "absent.yaml", "us-east-1", "000000000000")


def test_a_job_in_its_own_file_is_complained_about_there(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("# CreateJob\nName: j\nRole: r\nTimeOut: 3\nCommand: {Name: glueetl}\n")
    assert complaint(tmp_path, "jobs: [job.yaml]") == "job.yaml:4: CreateJob has no TimeOut; did you mean Timeout?"


MACHINE = """\
{"States": {"All": {"Type": "Parallel", "Branches": [{"States": {"Run": {"Type": "Task",
 "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"JobName": "absent"}}}}]}}}
"""


def test_a_state_machine_that_starts_an_unknown_job(tmp_path: Path) -> None:
    (tmp_path / "m.asl.json").write_text(MACHINE)
    said = complaint(tmp_path, "state_machines:\n  - {name: m, roleArn: r, definition: m.asl.json}\n")
    assert said.startswith("glue-local.yaml:2: state Run of m starts the job absent, which jobs: does not define")


def test_a_definition_that_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "m.asl.json").write_text('{\n"a": }')
    said = complaint(tmp_path, "state_machines: [{name: m, roleArn: r, definition: m.asl.json}]")
    assert said.startswith("m.asl.json:2: is not JSON")


def test_a_job_whose_script_nobody_uploads(tmp_path: Path) -> None:
    text = (
        "buckets: [{Bucket: b}]\n"
        "jobs:\n  - {Name: j, Role: r, Command: {Name: glueetl, ScriptLocation: s3://b/absent.py}}\n"
    )
    assert (
        complaint(tmp_path, text) == "glue-local.yaml:3: the script of job j, s3://b/absent.py, is not among scripts:"
    )
