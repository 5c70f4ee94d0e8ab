"""Stages and variables: where values come from, and errors with file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from glue_local.promote.definition.desired import desired
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.definition.overlay import Staged, staged
from glue_local.promote.definition.wheels import bytes_of
from tests.promote.conftest import edit


def error_of(folder: Path, name: str = "prod") -> str:
    with pytest.raises(DefinitionError) as raised:
        staged(folder / "glue-local.yaml", name)
    return str(raised.value).replace(f"{folder}/", "")


def line(folder: Path, text: str, file: str = "glue-local.yaml") -> int:
    return next(n for n, each in enumerate((folder / file).read_text().splitlines(), 1) if text in each)


def request(wanted: Staged, kind: str) -> dict[str, Any]:
    return next(each.request for each in wanted.resources if each.kind == kind)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("account: ", "acount: ", "unknown key acount of a stage: choose one of account, region,"),
        ('    account: "123456789012"\n', "", "the stage prod has no account"),
        ("region: eu-west-1", "region: here", "expected a region, such as eu-west-1, not 'here'"),
        ('account: "123456789012"', "account: 123456789012", "an account must be twelve digits in quotes"),
        ('account: "123456789012"', 'account: "000000000000"', "the account 000000000000 is glue-local's, not an AWS account"),
        ("variables: {shards: 2}", "variables: {shads: 2}", "stage prod sets shads, which is not declared under variables: (shards"),
        ("variables: {shards: 2}", "variables: {shards: two}", "the variable shards must be an integer, not 'two'"),
        ("type: integer, default: 1", "type: whole, default: 1", "unknown type whole of the variable shards: choose one of"),
        ("{default: local}", "{default: local, secret: 1}", "unknown member secret of a variable: choose one of type, default"),
        ("{default: local}", "{default: local, allowed: [a, b]}", "the variable team must be one of a, b, not local"),
        ("{scripts: acme-scripts,", "{scrips: acme-scripts,", "buckets: scrips is not defined: choose one of scripts, data"),
        ("{scripts: acme-scripts,", "{scripts: Acme_Scripts,", "expected a bucket's name, not 'Acme_Scripts'"),
        ("schedules: off", "schedules: {daily: on}", "schedules: daily is not defined: choose one of nightly"),
        ("schedules: off", "schedules: {nightly: maybe}", "a schedule must be on or off, not 'maybe'"),
        ("schedules: off", "roles: {r: theirs}", "expected the ARN of a role"),
        ("schedules: off", "roles: {r: 'arn:aws:iam::123456789012:role/*'}", "arn:aws:iam::123456789012:role/* matches several roles: write the ARN of one role, without *"),
        ("schedules: off", "roles: {r: 'arn:aws:iam::*:role/r'}", "arn:aws:iam::*:role/r matches several roles"),
        ("schedules: off", "roles: {r: 'arn:aws:iam::210987654321:role/r'}", "arn:aws:iam::210987654321:role/r is a role in another account; the stage is in 123456789012"),
        ("schedules: off", "existing: {streams: [x]}", "streams: x is not defined, but the stage prod lists it under existing:"),
        ("jobs: {j: {WorkerType", "jobs: {k: {WorkerType", "jobs: k is not defined: choose one of j"),
        ("jobs: {j: {WorkerType: G.2X", "jobs: {j: {WorkrType: G.2X", "CreateJob has no member WorkrType"),
        ("promotions: s3://scripts/promotions/", "promotions: scripts", "promotions must be s3://bucket/prefix/, not scripts"),
        ("project: roads", "project: a b", "invalid project name 'a b': use letters, digits,"),
        ("raw/", "${nowhere}/", "unknown variable ${nowhere}: choose one of AWS::AccountId, AWS::Partition, AWS::Region, shards, team"),
    ],
)  # fmt: skip
def test_an_invalid_stage_is_reported_with_file_and_line(folder: Path, old: str, new: str, message: str) -> None:
    edit(folder, old, new)
    reported = error_of(folder)
    number = line(folder, new) if new else line(folder, "  prod:")
    assert reported.startswith(f"glue-local.yaml:{number}: {message}")


def test_a_variable_without_a_value_is_reported_at_the_stage(folder: Path) -> None:
    edit(folder, "variables: {shards: 2}", "variables: {}")
    edit(folder, "{type: integer, default: 1}", "{type: integer}")
    declared = line(folder, "shards: {type: integer}")
    message = f"stage prod does not set the variable shards, declared in line {declared} (integer)"
    assert error_of(folder) == f"glue-local.yaml:{line(folder, 'account:')}: {message}"


def test_an_unknown_stage_is_refused(folder: Path) -> None:
    assert error_of(folder, "test").endswith("stages: test is not defined: choose one of prod")


def test_variables_have_their_types_locally_by_default_and_by_stage(folder: Path) -> None:
    local = desired(folder / "glue-local.yaml", "us-east-1", "000000000000")
    assert next(each.request for each in local if each.kind == "streams")["ShardCount"] == 1
    assert request(staged(folder / "glue-local.yaml", "prod"), "streams")["ShardCount"] == 2


def test_variables_in_definitions_of_state_machines(folder: Path) -> None:
    edit(folder, "s3://data/in/", "s3://data/${team}/$${kept}", "m.asl.json")
    wanted = staged(folder / "glue-local.yaml", "prod")
    given = json.loads(request(wanted, "state_machines")["definition"])["States"]["Run"]["Parameters"]["Arguments"]
    assert given == {"--in": "s3://acme-data/local/${kept}"}
    edit(folder, "${team}", "${tem}", "m.asl.json")
    assert error_of(folder).startswith(f"m.asl.json:{line(folder, '${tem}', 'm.asl.json')}: unknown variable ${{tem}}")


def test_an_existing_role_replaces_the_local_one_everywhere(folder: Path) -> None:
    arn = "arn:aws:iam::123456789012:role/teams/theirs"
    edit(folder, "schedules: off", f"roles: {{r: '{arn}'}}")
    wanted = staged(folder / "glue-local.yaml", "prod")
    assert not [each for each in wanted.resources if each.kind in ("roles", "role_policies")]
    assert request(wanted, "jobs")["Role"] == arn
    assert request(wanted, "state_machines")["roleArn"] == arn
    assert request(wanted, "delivery_streams")["ExtendedS3DestinationConfiguration"]["RoleARN"] == arn
    assert wanted.given_roles == {"r": arn}


def test_existing_resources_are_used_and_not_created(folder: Path) -> None:
    edit(folder, "schedules: off", "existing: {buckets: [data]}")
    wanted = staged(folder / "glue-local.yaml", "prod")
    assert [each.name for each in wanted.used] == ["acme-data"]
    assert [each.name for each in wanted.resources if each.kind == "buckets"] == ["acme-scripts"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("--level: info", "--url: 'http://localhost:4566'", "DefaultArguments.--url contains localhost (a local host name)"),
        ("--level: info", "--url: 's3.localhost.localstack.cloud'", "contains localhost (a local host name)"),
        ("--level: info", "--role: 'arn:aws:iam::000000000000:role/r'", "contains 000000000000 (glue-local's account)"),
        ("--level: info", "--AWS_ACCESS_KEY_ID: test", "contains AWS_ACCESS_KEY_ID (an access key)"),
        ("--level: info", "--conf: spark.hadoop.fs.s3a.endpoint=http://x", "(a setting of the local endpoint)"),
        ("--level: info", "--image: glue-local-stand-in", "contains glue-local-stand-in (a stand-in image)"),
    ],
)  # fmt: skip
def test_local_values_are_refused_in_a_stage(folder: Path, old: str, new: str, message: str) -> None:
    staged(folder / "glue-local.yaml", "prod")
    edit(folder, old, new)
    reported = error_of(folder)
    assert "jobs j: DefaultArguments" in reported
    assert message in reported
    assert reported.endswith("must not be promoted to prod: replace it by a variable that the stage sets")


def test_building_a_wheel_again_produces_the_same_bytes(folder: Path) -> None:
    first = bytes_of(folder / "shared", "shared-1.0-py3-none-any.whl")
    (folder / "shared" / "__pycache__").mkdir()
    (folder / "shared" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "shared" / "__init__.py").touch()
    assert bytes_of(folder / "shared", "shared-1.0-py3-none-any.whl") == first
    (folder / "shared" / "__init__.py").write_text("ROAD = 'E40'\n")
    assert bytes_of(folder / "shared", "shared-1.0-py3-none-any.whl") != first
