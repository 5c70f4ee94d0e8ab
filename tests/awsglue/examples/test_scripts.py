"""Calls in scripts on AWS's pages and in scripts that Glue Studio generates."""

import json
from pathlib import Path
from typing import Any

import pytest

import awsglue.transforms as transforms
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from tests.awsglue.examples.data import person

JSON = "org.openx.data.jsonserde.JsonSerDe"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"


def create_table(glue: Any, name: str, location: str, serde: str = JSON, **more: Any) -> None:
    storage = {"Location": location, "Columns": [], "SerdeInfo": {"SerializationLibrary": serde}}
    storage |= more.pop("StorageDescriptor", {})
    glue.create_table(DatabaseName="db", TableInput={"Name": name, "StorageDescriptor": storage, **more})


def test_a_table_over_one_file(glue_context: GlueContext, glue: Any, bucket: Any) -> None:
    """The crawler on the page creates a table for each file, with the file as its location.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-samples-legislators.html
    """
    location = bucket.put("all/persons.json", json.dumps(person()) + "\n")
    bucket.put("all/persons.json.bak", '{"id": "another"}\n')
    create_table(glue, "persons_json", location)
    persons = glue_context.create_dynamic_frame.from_catalog(database="db", table_name="persons_json")
    assert [row["id"] for row in persons.toDF().collect()] == ["p0"]


@pytest.mark.parametrize("name", ["multiline", "multiLine"])
def test_both_spellings_of_multi_line(glue_context: GlueContext, tmp_path: Path, name: str) -> None:
    """AWS's pages and generated scripts use both spellings.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-csv-home.html
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-json-home.html
    """
    (tmp_path / "a.csv").write_text('id,text\n1,"two\nlines"\n')
    (tmp_path / "a.json").write_text('{"a":\n1}\n')
    read = glue_context.create_dynamic_frame.from_options
    csv = read("s3", {"paths": [str(tmp_path / "a.csv")]}, "csv", {name: True, "withHeader": True})
    assert [tuple(row) for row in csv.toDF().collect()] == [("1", "two\nlines")]
    assert read("s3", {"paths": [str(tmp_path / "a.json")]}, "json", {name: "true"}).count() == 1


def test_match_catalog_in_upper_case(glue_context: GlueContext, glue: Any, bucket: Any, read: Any) -> None:
    """Generated scripts with a catalog target use upper case.

    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ResolveChoice.html
    """
    create_table(glue, "t", bucket.path("t"), StorageDescriptor={"Columns": [{"Name": "c", "Type": "bigint"}]})
    mixed = read('{"c": 1}', '{"c": "2"}')
    made = transforms.ResolveChoice.apply(frame=mixed, choice="MATCH_CATALOG", database="db", table_name="t")
    assert sorted(row["c"] for row in made.toDF().collect()) == [1, 2]


def test_a_custom_transform_is_a_method(read: Any) -> None:
    """A custom visual transform adds a method to DynamicFrame.

    https://docs.aws.amazon.com/glue/latest/dg/custom-visual-transform.html
    """

    def custom_filter_state(self: DynamicFrame, state: str) -> DynamicFrame:
        return self.filter(lambda row: row["state"] == state)

    DynamicFrame.custom_filter_state = custom_filter_state  # type: ignore[attr-defined]
    try:
        assert read('{"state": "indiana"}', '{"state": "iowa"}').custom_filter_state("iowa").count() == 1
    finally:
        del DynamicFrame.custom_filter_state  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"Parameters": {"table_type": "ICEBERG"}}, r"db\.t is a table of format iceberg: add --datalake-formats"),
        (
            {"Parameters": {"spark.sql.sources.provider": "delta"}},
            r"table of format delta: add --datalake-formats delta",
        ),
        (
            {"StorageDescriptor": {"InputFormat": "org.apache.hudi.hadoop.HoodieParquetInputFormat"}},
            r"table of format hudi: add --datalake-formats hudi",
        ),
    ],
)
def test_reading_a_lake_table_without_the_job_argument_names_the_argument(
    glue_context: GlueContext, glue: Any, bucket: Any, described: dict[str, Any], message: str
) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-datalake-native-frameworks.html"""
    create_table(glue, "t", bucket.path("t"), PARQUET, **described)
    with pytest.raises(ValueError, match=message):
        glue_context.create_data_frame.from_catalog(database="db", table_name="t")
    frame = glue_context.spark_session.range(1)
    with pytest.raises(ValueError, match=message):
        glue_context.write_data_frame.from_catalog(frame=frame, database="db", table_name="t")


def test_a_lake_connection_type_names_the_alternative(glue_context: GlueContext) -> None:
    with pytest.raises(NotImplementedError, match=r"'delta' is not emulated yet .* --datalake-formats delta"):
        glue_context.create_data_frame.from_options(connection_type="delta", connection_options={"path": "s3://b/t"})
