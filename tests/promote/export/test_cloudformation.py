"""The CloudFormation template: valid for cfn-lint, with the same resources as a promotion."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.definition.overlay import staged
from glue_local.promote.export.cloudformation import _LACKING, template
from glue_local.promote.kinds import KINDS
from tests.promote.conftest import SCRIPT, edit
from tests.promote.test_members import GIVEN, REFUSED, example, with_given

# Members that CloudFormation has no property for (cfn-lint: E3002), or a different one.
LACKING = {(kind, name) for kind, names in _LACKING.items() for name in names}
# Those that are no resources of a template.
PARTS = ("scripts", "rule_targets", "bucket_notifications")
ROOT = Path(__file__).parents[3]


def lint(path: Path) -> str:
    """Return cfn-lint's findings for a template."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from cfnlint.runner import main; sys.exit(main())",
            "--regions",
            "eu-west-1",
            "--",
            str(path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("own", [False, True], ids=["one-of-each", "the-example"])
def test_the_template_is_valid(own: bool, folder: Path, tmp_path: Path) -> None:
    file = (ROOT if own else folder) / "glue-local.yaml"
    done = CliRunner().invoke(
        app, ["export", "cloudformation", "prod", "--file", str(file), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert lint(tmp_path / "out" / "template.json") == ""


def test_cfn_lint_detects_an_invalid_template(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"Resources": {"J": {"Type": "AWS::Glue::Job", "Properties": {"Nme": "x"}}}}')
    assert "E3002" in lint(tmp_path / "t.json")


def exported(folder: Path, to: Path) -> Result:
    where = ["--file", str(folder / "glue-local.yaml"), "--out", str(to)]
    return CliRunner().invoke(app, ["export", "cloudformation", "prod", *where], env={"COLUMNS": "300"})


def test_every_promoted_member_is_valid_or_refused(folder: Path, tmp_path: Path) -> None:
    for kind, given in GIVEN.items():
        with_given(folder, kind, {name: value for name, value in given.items() if (kind, name) not in LACKING})
    done = exported(folder, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert lint(tmp_path / "out" / "template.json") == ""
    written = json.loads((tmp_path / "out" / "template.json").read_text())["Resources"]
    assert written["ScheduleNightly"]["Properties"]["StartDate"] == "2099-01-01T00:00:00Z"
    assert written["StateMachineM"]["Properties"]["LoggingConfiguration"]["Level"] == "ALL"


def test_no_other_member_becomes_an_unknown_property(folder: Path, tmp_path: Path) -> None:
    for kind, name in {each for each in REFUSED if each[0] not in PARTS} - LACKING:
        with_given(folder, kind, {name: example(KINDS[kind].shape.members[name])})
    done = exported(folder, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "E3002" not in lint(tmp_path / "out" / "template.json")


# Those that the installed botocore knows.
@pytest.mark.parametrize(("kind", "name"), sorted(each for each in LACKING if each[1] in KINDS[each[0]].shape.members))
def test_a_member_without_property_is_refused_with_name_and_line(
    kind: str, name: str, folder: Path, tmp_path: Path
) -> None:
    with_given(folder, kind, {name: example(KINDS[kind].shape.members[name])})
    done = exported(folder, tmp_path / "out")
    assert done.exit_code == 1
    assert re.search(rf"glue-local.yaml:\d+: {kind} .*CloudFormation's AWS::.* has no property for {name}", done.output)
    assert not (tmp_path / "out").exists()


def resources(folder: Path) -> Any:
    return template(staged(folder / "glue-local.yaml", "prod"))["Resources"]


def test_the_template_has_all_promoted_resources_except_scripts(folder: Path) -> None:
    wanted = staged(folder / "glue-local.yaml", "prod").resources
    assert len(resources(folder)) == len([each for each in wanted if each.kind not in PARTS])


def test_targets_and_notifications_become_properties(folder: Path) -> None:
    made = resources(folder)
    rule = made["RuleArrived"]["Properties"]
    assert rule["EventPattern"]["detail"]["bucket"] == {"name": ["acme-data"]}
    [target] = rule["Targets"]
    assert (target["Arn"], target["Input"]) == ({"Fn::Sub": "${StateMachineM.Arn}"}, "{}")
    notified = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert made["BucketAcmeData"]["Properties"]["NotificationConfiguration"] == notified
    assert "NotificationConfiguration" not in made["BucketAcmeScripts"]["Properties"]
    crawler = made["CrawlerC"]["Properties"]
    assert (crawler["Role"], crawler["DatabaseName"]) == ({"Ref": "RoleR"}, {"Ref": "DatabaseD"})
    assert crawler["Schedule"] == {"ScheduleExpression": "cron(15 2 * * ? *)"}
    assert made["TriggerCrawled"]["Properties"]["Actions"] == [{"CrawlerName": {"Ref": "CrawlerC"}}]


def test_a_workflow_has_no_arn_attribute(folder: Path) -> None:
    machine = 'Id: machine, Arn: "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:m"'
    edit(folder, machine, 'Id: w, Arn: "arn:aws:glue:${AWS::Region}:${AWS::AccountId}:workflow/w"')
    [target] = resources(folder)["RuleArrived"]["Properties"]["Targets"]
    arn = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:workflow/${WorkflowW}"
    assert target["Arn"] == {"Fn::Sub": arn}


def test_other_notifications_than_eventbridges_are_refused(folder: Path) -> None:
    queue = "{QueueConfigurations: [{QueueArn: q, Events: ['s3:ObjectCreated:*']}]}"
    edit(folder, "{EventBridgeConfiguration: {}}", queue)
    with pytest.raises(DefinitionError, match=r"glue-local.yaml:\d+: .* can only have EventBridgeConfiguration"):
        resources(folder)


def test_names_and_arns_become_references(folder: Path) -> None:
    made = resources(folder)
    assert made["JobJ"]["Properties"]["Role"] == {"Ref": "RoleR"}
    machine = made["StateMachineM"]["Properties"]
    assert machine["RoleArn"] == {"Fn::Sub": "${RoleR.Arn}"}
    assert machine["DefinitionSubstitutions"] == {"JobJ": {"Ref": "JobJ"}}
    parameters = json.loads(machine["DefinitionString"])["States"]["Run"]["Parameters"]
    assert parameters == {"JobName": "${JobJ}", "Arguments": {"--in": "s3://acme-data/in/"}}
    assert made["ScheduleNightly"]["Properties"]["Target"]["Arn"] == {"Fn::Sub": "${StateMachineM.Arn}"}
    trigger = made["TriggerStart"]["Properties"]
    assert trigger["WorkflowName"] == {"Ref": "WorkflowW"}
    assert trigger["Actions"] == [{"JobName": {"Ref": "JobJ"}, "Arguments": {"--from": "s3://acme-data/from/"}}]
    assert trigger["Tags"]["team"] == "roads"
    assert made["TableDT"]["Properties"]["DatabaseName"] == {"Ref": "DatabaseD"}
    assert made["BucketAcmeData"]["DeletionPolicy"] == "Retain"


def test_arns_in_definitions_become_substitutions(folder: Path) -> None:
    edit(
        folder,
        '"--in": "s3://data/in/"',
        '"--in": "arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:x/${AWS::Region}"',
        "m.asl.json",
    )
    machine = resources(folder)["StateMachineM"]["Properties"]
    assert '"--in": "arn:aws:ssm:${AWSRegion}:${AWSAccountId}:x/eu-west-1"' in machine["DefinitionString"]
    assert machine["DefinitionSubstitutions"] == {
        "AWSAccountId": {"Fn::Sub": "${AWS::AccountId}"},
        "AWSRegion": {"Fn::Sub": "${AWS::Region}"},
        "JobJ": {"Ref": "JobJ"},
    }


def test_scripts_are_written_where_the_template_expects_them(folder: Path, tmp_path: Path) -> None:
    CliRunner().invoke(app, ["export", "cloudformation", "prod", "--file", str(folder / "glue-local.yaml"), "--out", str(tmp_path / "out")])  # fmt: skip
    location = resources(folder)["JobJ"]["Properties"]["Command"]["ScriptLocation"]
    assert (tmp_path / "out" / location.removeprefix("s3://")).read_text() == SCRIPT


@pytest.mark.parametrize(
    ("length", "message"),
    [(10, None), (60_000, "reads more than 51,200 only from S3"), (1_100_000, "split the project")],
)
def test_a_template_above_a_size_limit_is_reported(
    length: int, message: str | None, folder: Path, tmp_path: Path
) -> None:
    edit(folder, "--level: info", f"--level: {'x' * length}")
    where = ["--file", str(folder / "glue-local.yaml"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, ["export", "cloudformation", "prod", *where])
    written = tmp_path / "out" / "template.json"
    assert (done.exit_code, written.exists()) == ((1, False) if length > 1_000_000 else (0, True)), done.output
    assert message in done.output if message else "51,200" not in done.output
