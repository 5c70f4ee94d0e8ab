"""Stages and variables: what is taken from where, and each complaint with its file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from glue_local.promote.desired import desired
from glue_local.promote.document import DefinitionError
from glue_local.promote.overlay import Staged, staged
from glue_local.promote.wheels import bytes_of
from tests.promote.conftest import edit


def complaint(folder: Path, name: str = "prod") -> str:
    with pytest.raises(DefinitionError) as raised:
        staged(folder / "glue-local.yaml", name)
    return str(raised.value).replace(f"{folder}/", "")


def line(folder: Path, text: str, file: str = "glue-local.yaml") -> int:
    return next(n for n, each in enumerate((folder / file).read_text().splitlines(), 1) if text in each)


def request(wanted: Staged, kind: str) -> dict[str, Any]:
    return next(each.request for each in wanted.resources if each.kind == kind)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("account: ", "acount: ", "a stage has no acount; it has account, region,"),
        ('    account: "123456789012"\n', "", "the stage prod needs account"),
        ("region: eu-west-1", "region: here", "expected a region, such as eu-west-1, not 'here'"),
        ('account: "123456789012"', "account: 123456789012", "an account is twelve digits in quotes"),
        ('account: "123456789012"', 'account: "000000000000"', "the account 000000000000 is glue-local's own"),
        ("variables: {shards: 2}", "variables: {shads: 2}", "stage prod gives a value for shads, which variables: does not"),
        ("variables: {shards: 2}", "variables: {shards: two}", "the variable shards is an integer, not 'two'"),
        ("type: integer, default: 1", "type: whole, default: 1", "the variable shards has the type whole; known are"),
        ("{default: local}", "{default: local, secret: 1}", "a variable has no secret; it has type, default"),
        ("{default: local}", "{default: local, allowed: [a, b]}", "the variable team may be a, b, not local"),
        ("{scripts: acme-scripts,", "{scrips: acme-scripts,", "buckets: has no scrips; it has scripts, data"),
        ("{scripts: acme-scripts,", "{scripts: Acme_Scripts,", "expected a bucket's name, not 'Acme_Scripts'"),
        ("schedules: off", "schedules: {daily: on}", "schedules: has no daily; it has nightly"),
        ("schedules: off", "schedules: {nightly: maybe}", "a schedule is on or off, not 'maybe'"),
        ("schedules: off", "roles: {r: theirs}", "expected the ARN of a role"),
        ("schedules: off", "roles: {r: 'arn:aws:iam::123456789012:role/*'}", "arn:aws:iam::123456789012:role/* may mean any of several roles: write the ARN of the one, without *"),
        ("schedules: off", "roles: {r: 'arn:aws:iam::*:role/r'}", "arn:aws:iam::*:role/r may mean any of several roles"),
        ("schedules: off", "roles: {r: 'arn:aws:iam::210987654321:role/r'}", "arn:aws:iam::210987654321:role/r is a role of another account; the stage is in 123456789012"),
        ("schedules: off", "existing: {streams: [x]}", "streams: has no x, which the stage prod says exists"),
        ("jobs: {j: {WorkerType", "jobs: {k: {WorkerType", "jobs: has no k; it has j"),
        ("jobs: {j: {WorkerType: G.2X", "jobs: {j: {WorkrType: G.2X", "CreateJob has no WorkrType"),
        ("promotions: s3://scripts/promotions/", "promotions: scripts", "promotions must be s3://bucket/prefix/, not scripts"),
        ("project: roads", "project: a b", "expected a name of letters, digits,"),
        ("raw/", "${nowhere}/", "${nowhere} is not known here; known are AWS::AccountId, AWS::Partition, AWS::Region, shards, team"),
    ],
)  # fmt: skip
def test_complaints_name_the_file_and_line(folder: Path, old: str, new: str, said: str) -> None:
    edit(folder, old, new)
    told = complaint(folder)
    number = line(folder, new) if new else line(folder, "  prod:")
    assert told.startswith(f"glue-local.yaml:{number}: {said}")


def test_a_variable_without_a_value_is_said_of_the_stage(folder: Path) -> None:
    edit(folder, "variables: {shards: 2}", "variables: {}")
    edit(folder, "{type: integer, default: 1}", "{type: integer}")
    declared = line(folder, "shards: {type: integer}")
    said = f"stage prod gives no value for the variable shards, declared in line {declared} (integer)"
    assert complaint(folder) == f"glue-local.yaml:{line(folder, 'account:')}: {said}"


def test_an_unknown_stage(folder: Path) -> None:
    assert complaint(folder, "test").endswith("there is no stage test; stages: has prod")


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
    assert complaint(folder).startswith(f"m.asl.json:{line(folder, '${tem}', 'm.asl.json')}: ${{tem}} is not known")


def test_given_roles_stand_wherever_the_local_one_did(folder: Path) -> None:
    arn = "arn:aws:iam::123456789012:role/teams/theirs"
    edit(folder, "schedules: off", f"roles: {{r: '{arn}'}}")
    wanted = staged(folder / "glue-local.yaml", "prod")
    assert not [each for each in wanted.resources if each.kind in ("roles", "role_policies")]
    assert request(wanted, "jobs")["Role"] == arn
    assert request(wanted, "state_machines")["roleArn"] == arn
    assert request(wanted, "delivery_streams")["ExtendedS3DestinationConfiguration"]["RoleARN"] == arn
    assert wanted.given_roles == {"r": arn}


def test_what_exists_is_used_and_not_made(folder: Path) -> None:
    edit(folder, "schedules: off", "existing: {buckets: [data]}")
    wanted = staged(folder / "glue-local.yaml", "prod")
    assert [each.name for each in wanted.used] == ["acme-data"]
    assert [each.name for each in wanted.resources if each.kind == "buckets"] == ["acme-scripts"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("--level: info", "--url: 'http://localhost:4566'", "DefaultArguments.--url holds localhost (a name of this machine)"),
        ("--level: info", "--url: 's3.localhost.localstack.cloud'", "holds localhost (a name of this machine)"),
        ("--level: info", "--role: 'arn:aws:iam::000000000000:role/r'", "holds 000000000000 (glue-local's account)"),
        ("--level: info", "--AWS_ACCESS_KEY_ID: test", "holds AWS_ACCESS_KEY_ID (a key)"),
        ("--level: info", "--conf: spark.hadoop.fs.s3a.endpoint=http://x", "(a setting of the local endpoint)"),
        ("--level: info", "--image: glue-local-stand-in", "holds glue-local-stand-in (a stand-in)"),
    ],
)  # fmt: skip
def test_no_local_value_reaches_a_stage(folder: Path, old: str, new: str, said: str) -> None:
    staged(folder / "glue-local.yaml", "prod")
    edit(folder, old, new)
    told = complaint(folder)
    assert "jobs j: DefaultArguments" in told
    assert said in told
    assert told.endswith("must not reach the stage prod: make it a variable whose value the stage gives")


def test_a_wheel_of_shared_modules_is_the_same_every_time(folder: Path) -> None:
    first = bytes_of(folder / "shared", "shared-1.0-py3-none-any.whl")
    (folder / "shared" / "__pycache__").mkdir()
    (folder / "shared" / "__pycache__" / "x.pyc").write_bytes(b"x")
    (folder / "shared" / "__init__.py").touch()
    assert bytes_of(folder / "shared", "shared-1.0-py3-none-any.whl") == first
    (folder / "shared" / "__init__.py").write_text("ROAD = 'E40'\n")
    assert bytes_of(folder / "shared", "shared-1.0-py3-none-any.whl") != first
