"""Parquet and ORC: partition folders, and files with different schemas."""

from pathlib import Path
from typing import Any

import pytest

from awsglue.context import GlueContext


def read(context: GlueContext, path: Path, format: str, **options: Any) -> Any:
    return context.create_dynamic_frame.from_options("s3", {"paths": [str(path)], **options}, format)


@pytest.mark.parametrize("format", ["parquet", "orc"])
def test_partition_folders_are_columns(glue_context: GlueContext, rows: Any, tmp_path: Path, format: str) -> None:
    """Regardless of recurse, because Glue reads these formats with Spark's own data sources."""
    frame = glue_context.spark_session.createDataFrame([(1, "x"), (2, "y")], "a int, k string")
    frame.write.partitionBy("k").format(format).save(str(tmp_path / "t"))
    expected = [{"a": 1, "k": "x"}, {"a": 2, "k": "y"}]
    for options in ({}, {"recurse": True}, {"recurse": False}):
        assert rows(read(glue_context, tmp_path / "t", format, **options)) == expected
    # The folder that is read is not a partition.
    assert rows(read(glue_context, tmp_path / "t" / "k=x", format)) == [{"a": 1}]


@pytest.mark.parametrize("format", ["parquet", "orc"])
def test_files_with_different_schemas_are_the_union_of_their_fields(
    glue_context: GlueContext, rows: Any, tmp_path: Path, format: str
) -> None:
    spark = glue_context.spark_session
    spark.createDataFrame([(1, "x")], "a int, c string").write.format(format).save(str(tmp_path / "1"))
    spark.createDataFrame([(2, 5)], "a int, b int").write.format(format).save(str(tmp_path / "2"))
    assert rows(read(glue_context, tmp_path, format)) == [
        {"a": 1, "c": "x", "b": None},
        {"a": 2, "c": None, "b": 5},
    ]


def test_a_field_of_different_types_is_a_choice(glue_context: GlueContext, rows: Any, tmp_path: Path) -> None:
    spark = glue_context.spark_session
    spark.createDataFrame([("x",)], "a string").write.parquet(str(tmp_path / "1"))
    spark.createDataFrame([(2,)], "a int").write.parquet(str(tmp_path / "2"))
    frame = read(glue_context, tmp_path, "parquet")
    assert [one.typeName() for one in frame.schema().getField("a").dataType.choices] == ["int", "string"]
    assert rows(frame.resolveChoice(choice="cast:string")) == [{"a": "2"}, {"a": "x"}]
