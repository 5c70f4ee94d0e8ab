"""``glue-local new job`` against a server in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from glue_local.cli import app

if TYPE_CHECKING:
    from glue_local.server import Server

PROJECT = """\
# A project.
project: shop

buckets:
  - Bucket: code

scripts:          # uploaded unchanged
  - {Source: jobs/old.py, Destination: s3://code/jobs/old.py}

jobs:
  - Name: old
    Role: shop-glue
    Command: {Name: glueetl, ScriptLocation: s3://code/jobs/old.py}
    Description: |
      The first
      job

# The end.
"""
New = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "old.py").write_text("")
    (tmp_path / "glue-local.yaml").write_text(PROJECT)
    return tmp_path


@pytest.fixture
def new(endpoint: "Server", aws: Any, project: Path) -> New:
    """Run ``glue-local new job`` in the project; its table shop.orders exists."""
    glue = aws("glue")
    try:
        glue.create_database(DatabaseInput={"Name": "shop"})
    except glue.exceptions.AlreadyExistsException:
        pass
    else:
        columns = [{"Name": "id", "Type": "bigint"}, {"Name": "total", "Type": "decimal(10,2)"}]
        for name in ("orders", "copies"):
            table = {
                "Name": name,
                "StorageDescriptor": {"Columns": columns},
                "PartitionKeys": [{"Name": "day", "Type": "date"}],
            }
            glue.create_table(DatabaseName="shop", TableInput=table)

    def invoke(*arguments: str) -> Result:
        options = ("--file", str(project / "glue-local.yaml"), "--endpoint-url", endpoint.endpoint)
        return CliRunner().invoke(app, ["new", "job", *arguments, *options])

    return invoke


def test_a_new_job_can_be_provisioned(endpoint: "Server", aws: Any, project: Path, new: New) -> None:
    done = new("nightly", "--from", "shop.orders", "--to", "s3://lake/orders", "--partition-by", "day")
    assert done.exit_code == 0, done.output
    assert "glue-local run nightly" in done.output
    script = (project / "jobs" / "nightly.py").read_text()
    assert 'mapping = [("id", "long", "id", "long"), ("total", "decimal(10,2)", "total", "decimal(10,2)")' in script
    assert '{"path": "s3://lake/orders/", "partitionKeys": ["day"]}, format = "parquet"' in script

    provisioned = ("provision", "--file", str(project / "glue-local.yaml"), "--endpoint-url", endpoint.endpoint)
    assert CliRunner().invoke(app, provisioned).exit_code == 0
    job = aws("glue").get_job(JobName="nightly")["Job"]
    assert (job["Role"], job["Command"]["ScriptLocation"]) == ("shop-glue", "s3://code/jobs/nightly.py")
    assert aws("s3").get_object(Bucket="code", Key="jobs/nightly.py")["Body"].read().decode() == script


def test_the_definitions_keep_their_comments(project: Path, new: New) -> None:
    assert new("nightly", "--from", "shop.orders", "--to", "shop.copies").exit_code == 0
    text = (project / "glue-local.yaml").read_text()
    added = ("  - {Source: jobs/nightly.py, Destination: s3://code/jobs/nightly.py}\n", "  - jobs/nightly.yaml\n")
    for line in added:
        assert line in text
    assert text.replace(added[0], "").replace(added[1], "") == PROJECT
    assert yaml.safe_load(text)["jobs"][1] == "jobs/nightly.yaml"


def test_lists_that_are_missing_are_added(project: Path, new: New) -> None:
    (project / "glue-local.yaml").write_text("project: shop\n")
    done = new("a", "--from", "shop.orders", "--to", "s3://b", "--role", "r", "--scripts", "s3://code")
    assert done.exit_code == 0, done.output
    document = yaml.safe_load((project / "glue-local.yaml").read_text())
    assert document["scripts"] == [{"Source": "jobs/a.py", "Destination": "s3://code/a.py"}]
    assert document["jobs"] == ["jobs/a.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("old", "--from", "shop.orders", "--to", "s3://b"), "has a job old already"),
        (("../x", "--from", "shop.orders", "--to", "s3://b"), "use letters"),
        (("x", "--from", "orders", "--to", "s3://b"), "--from DATABASE.TABLE"),
        (("x", "--from", "shop.orders", "--to", "lake"), "--to DATABASE.TABLE"),
        (("x", "--from", "shop.none", "--to", "s3://b"), "table shop.none does not exist"),
        (("x", "--from", "shop.orders", "--to", "s3://b", "--format", "xls"), "choose one of parquet"),
        (("x", "--from", "shop.orders", "--to", "s3://b", "--partition-by", "week"), "no such column"),
        (("x", "--from", "shop.orders", "--to", "shop.copies", "--partition-by", "day"), "in its definition"),
        (("x", "--from", "shop.orders", "--to", "s3://b", "--scripts", "code"), "not a location in S3"),
    ],
)
def test_a_refused_job_writes_nothing(project: Path, new: New, arguments: tuple[str, ...], message: str) -> None:
    done = new(*arguments)
    assert done.exit_code == 1
    assert message in " ".join(done.output.split())
    assert (project / "glue-local.yaml").read_text() == PROJECT
    assert sorted(path.name for path in (project / "jobs").iterdir()) == ["old.py"]


def test_a_project_without_role_or_scripts_needs_the_options(project: Path, new: New) -> None:
    (project / "glue-local.yaml").write_text("project: shop\n")
    assert "pass --role NAME" in new("x", "--from", "shop.orders", "--to", "s3://b").output
    done = new("x", "--from", "shop.orders", "--to", "s3://b", "--role", "r")
    assert "pass --scripts s3://BUCKET/PREFIX/" in done.output


def test_a_list_on_one_line_is_refused(project: Path, new: New) -> None:
    (project / "glue-local.yaml").write_text("project: shop\njobs: []\n")
    done = new("x", "--from", "shop.orders", "--to", "s3://b", "--role", "r", "--scripts", "s3://code")
    assert "cannot add to jobs" in done.output
