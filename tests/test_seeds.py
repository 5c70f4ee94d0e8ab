from pathlib import Path
from typing import Any

import pytest

from glue_local.promote.definition.document import DefinitionError, Place
from glue_local.promote.definition.seeds import Seed
from glue_local.seeds import plant


@pytest.fixture
def bucket(aws: Any, request: pytest.FixtureRequest) -> str:
    name = request.node.name.replace("_", "-")[:50]
    aws("s3").create_bucket(Bucket=name)
    return name


def _seed(source: Path, destination: str, table: str | None) -> Seed:
    return Seed(source, destination, table, Place(Path("glue-local.yaml"), 7))


def _planted(aws: Any, *seeds: Seed) -> list[str]:
    return [outcome for *_, outcome in plant(list(seeds), aws("s3"), aws("glue"))]


def test_files_become_a_table_with_partitions(aws: Any, bucket: str, tmp_path: Path) -> None:
    for day in ("1", "2"):
        (tmp_path / f"day={day}").mkdir()
        (tmp_path / f"day={day}" / "a.json").write_text('{"road": "E17", "speed": 90}\n')
    seed = _seed(tmp_path, f"s3://{bucket}/in/", "seeded.roads")
    assert _planted(aws, seed) == ["created", "created"]
    table = aws("glue").get_table(DatabaseName="seeded", Name="roads")["Table"]
    assert [(each["Name"], each["Type"]) for each in table["StorageDescriptor"]["Columns"]] == [
        ("road", "string"),
        ("speed", "int"),
    ]
    partitions = aws("glue").get_partitions(DatabaseName="seeded", TableName="roads")["Partitions"]
    assert sorted(each["Values"][0] for each in partitions) == ["1", "2"]


def test_repeating_it_changes_only_what_changed(aws: Any, bucket: str, tmp_path: Path) -> None:
    file = tmp_path / "roads.csv"
    file.write_text("road,speed\nE17,90\nE40,80\n")
    seed = _seed(file, f"s3://{bucket}/roads/roads.csv", "seeded.by_file")
    assert _planted(aws, seed) == ["created", "created"]
    assert _planted(aws, seed) == ["unchanged", "unchanged"]
    file.write_text("road,speed,lane\nE17,90,1\nE40,80,2\n")
    assert _planted(aws, seed) == ["updated", "updated"]
    table = aws("glue").get_table(DatabaseName="seeded", Name="by_file")["Table"]
    assert [each["Name"] for each in table["StorageDescriptor"]["Columns"]] == ["road", "speed", "lane"]
    assert table["StorageDescriptor"]["Location"] == f"s3://{bucket}/roads/"


def test_a_seed_without_a_bucket_is_refused(aws: Any, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(
        DefinitionError, match="glue-local.yaml:7: bucket nowhere does not exist: list it under buckets:"
    ):
        _planted(aws, _seed(tmp_path, "s3://nowhere/in/", None))


def test_files_of_several_formats_are_no_table(aws: Any, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"road": "E17"}\n')
    (tmp_path / "b.csv").write_text("road,speed\nE17,90\nE40,80\n")
    with pytest.raises(
        DefinitionError, match=r"are not those of one table \(formats: csv, json\): give each table a folder"
    ):
        _planted(aws, _seed(tmp_path, f"s3://{bucket}/in/", "seeded.mixed"))


def test_a_fault_of_a_table_that_exists_is_reported_each_time(aws: Any, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"road": "E17"}\n')
    seed = _seed(tmp_path, f"s3://{bucket}/in/", "seeded.later_mixed")
    assert _planted(aws, seed) == ["created", "created"]
    (tmp_path / "b.csv").write_text("road,speed\nE17,90\nE40,80\n")
    for _ in range(2):
        with pytest.raises(DefinitionError, match="are not those of one table"):
            _planted(aws, seed)
    assert [each["Key"] for each in aws("s3").list_objects_v2(Bucket=bucket)["Contents"]] == ["in/a.json"]
