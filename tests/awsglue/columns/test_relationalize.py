"""The tables of relationalize."""

from pathlib import Path
from typing import Any

from awsglue.dynamicframe import DynamicFrame


def test_timestamps_are_strings_in_the_tables_of_arrays(glue_context: Any, tmp_path: Path) -> None:
    """https://github.com/awslabs/aws-glue-libs/issues/178"""
    made = glue_context.spark_session.sql(
        "select timestamp'2024-01-02 03:04:05' t, array(named_struct('t', timestamp'2024-01-02 03:04:05', 'n', 1)) c"
    )
    tables = DynamicFrame.fromDF(made, glue_context, "x").relationalize("root", str(tmp_path))
    assert {one.name: one.dataType.typeName() for one in tables.select("root").schema()} == {
        "t": "timestamp",
        "c": "long",
    }
    child = tables.select("root_c")
    assert [one.dataType.typeName() for one in child.schema()] == ["long", "int", "string", "int"]
    assert child.toDF().head()["c.val.t"] == "2024-01-02 03:04:05"
