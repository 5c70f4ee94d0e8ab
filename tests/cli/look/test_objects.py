import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def bucket(aws: Any) -> str:
    aws("s3").create_bucket(Bucket="objects")
    return "objects"


def test_files_are_put_and_listed(cli: Any, aws: Any, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "day=1").mkdir()
    (tmp_path / "day=1" / "a.json").write_text("{}")
    (tmp_path / "b.json").write_text("[1]")
    done = cli("put", tmp_path / "b.json", "s3://objects/in/")
    assert done.output == f"{tmp_path}/b.json → s3://objects/in/b.json\n"
    assert cli("put", tmp_path, "s3://objects/all").exit_code == 0
    assert json.loads(cli("put", tmp_path / "b.json", "s3://objects/in/c", "--json").output) == [
        {"File": f"{tmp_path}/b.json", "Size": 3, "Url": "s3://objects/in/c"}
    ]
    assert "s3://objects/" in cli("ls").output
    shown = cli("ls", "s3://objects/all/").output
    assert "s3://objects/all/day=1/" in shown
    assert "a.json" not in shown
    found = json.loads(cli("ls", "s3://objects/", "--recursive", "--json").output)
    assert [(each["Url"], each["Size"]) for each in found] == [
        ("s3://objects/all/b.json", 3),
        ("s3://objects/all/day=1/a.json", 2),
        ("s3://objects/in/b.json", 3),
        ("s3://objects/in/c", 3),
    ]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("ls", "objects"), "objects is not a URL of S3: write s3://BUCKET/KEY"),
        (("ls", "s3://object"), "bucket object does not exist: did you mean objects?"),
        (("put", "absent.json", "s3://objects/"), "file absent.json does not exist"),
        (("put", "README.md", "s3://"), "s3:// names no bucket: write s3://BUCKET/KEY"),
        (("put", "README.md", "s3://objets/"), "bucket objets does not exist: did you mean objects?"),
    ],
)
def test_wrong_uses_are_reported_with_the_fix(cli: Any, bucket: str, command: tuple[str, ...], message: str) -> None:
    done = cli(*command)
    assert done.exit_code == 1
    assert done.stderr == f"glue-local: {message}\n"


def test_nothing_at_a_prefix_is_said(cli: Any, bucket: str) -> None:
    done = cli("ls", "s3://objects/nowhere/")
    assert done.exit_code == 0
    assert done.stderr == "nothing at s3://objects/nowhere/: `glue-local ls s3://objects/` shows the bucket\n"


def test_an_empty_folder_is_refused(cli: Any, bucket: str, tmp_path: Path) -> None:
    assert cli("put", tmp_path, "s3://objects/").stderr == f"glue-local: folder {tmp_path} has no files\n"
