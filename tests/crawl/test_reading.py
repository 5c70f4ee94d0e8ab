"""Crawled tables are read by jobs and by queries."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pyspark.sql import SparkSession

from awsglue.context import GlueContext
from glue_local.server import Server
from tests.crawl.conftest import Lake
from tests.query.asking import Asking, asking

ROWS = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def rows(lake: Lake, endpoint: Server, spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[ROWS]:
    """Read the rows of a table as a job's script does."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    configuration = spark.sparkContext._jsc.hadoopConfiguration()
    before = configuration.get("fs.s3a.endpoint")
    configuration.set("fs.s3a.endpoint", endpoint.endpoint)
    context = GlueContext(spark)
    context.bookmarks = None

    def read(table: str) -> list[dict[str, Any]]:
        frame = context.create_dynamic_frame.from_catalog(database=lake.database, table_name=table)
        return sorted((row.asDict(recursive=True) for row in frame.toDF().collect()), key=str)

    yield read
    configuration.set("fs.s3a.endpoint", before)


def classified(lake: Lake, kind: str, **members: Any) -> str:
    """Create a classifier with the name of its kind, and crawl with it."""
    name = f"{kind}-{lake.bucket}"
    lake.glue.create_classifier(**{f"{kind}Classifier": {"Name": name, **members}})
    return lake.crawl(Classifiers=[name])


@pytest.mark.spark
def test_a_job_reads_partitions_of_names_that_need_escape(lake: Lake, rows: ROWS) -> None:
    # https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
    lake.put({"data/city=São Paulo/a b.json": '{"id": 1}', "data/city=a+b & c/x%20y.json": '{"id": 2}'})
    lake.crawl()
    assert rows("data") == [{"id": 1, "city": "São Paulo"}, {"id": 2, "city": "a+b & c"}]


@pytest.mark.spark
def test_a_job_reads_what_a_grok_classifier_found(lake: Lake, rows: ROWS) -> None:
    lake.put({"data/a.log": "INFO 200 all is well\nWARN 404 not here\n"})
    classified(lake, "Grok", Classification="mine", GrokPattern="%{WORD:level} %{INT:code} %{GREEDYDATA:message}")
    assert rows("data") == [
        {"level": "INFO", "code": "200", "message": "all is well"},
        {"level": "WARN", "code": "404", "message": "not here"},
    ]


@pytest.mark.spark
def test_a_job_reads_what_an_xml_classifier_found(lake: Lake, rows: ROWS) -> None:
    lake.put({"data/a.xml": '<all><row n="1"><a>x</a></row><row n="2"><a>y</a></row></all>'})
    classified(lake, "XML", Classification="xml", RowTag="row")
    assert rows("data") == [{"a": "x", "_n": 1}, {"a": "y", "_n": 2}]


@pytest.mark.spark
def test_a_job_reads_the_records_of_an_array(lake: Lake, rows: ROWS) -> None:
    lake.put({"data/a.json": json.dumps([{"id": "ak", "at": {"n": 1}}, {"id": "al", "at": {"n": 2}}], indent=1)})
    crawler = classified(lake, "Json", JsonPath="$[*]")
    assert rows("data") == [{"id": "ak", "at": {"n": 1}}, {"id": "al", "at": {"n": 2}}]
    lake.glue.update_classifier(JsonClassifier={"Name": f"Json-{lake.bucket}", "JsonPath": "$[*].at"})
    lake.crawl_again(crawler)
    assert rows("data") == [{"n": 1}, {"n": 2}]


@pytest.mark.spark
def test_a_job_reads_values_that_are_no_objects(lake: Lake, rows: ROWS) -> None:
    # https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-json
    lake.put({"data/a.json": '{"id": "ak", "ids": ["x", "y"]}\n{"id": "al"}\n{"other": 1}\n'})
    classified(lake, "Json", JsonPath="$.id")
    assert rows("data") == [{"record": "ak"}, {"record": "al"}]


@pytest.mark.spark
def test_a_job_reads_what_a_csv_classifier_found(lake: Lake, rows: ROWS) -> None:
    lake.put({"data/a.csv": "1;'x; y'\n2;'z'\n"})
    classified(lake, "Csv", Delimiter=";", QuoteSymbol="'", ContainsHeader="ABSENT", Header=["id", "text"])
    assert rows("data") == [{"id": 1, "text": "x; y"}, {"id": 2, "text": "z"}]


@pytest.mark.spark
def test_a_job_reads_a_crawled_dynamodb_table(lake: Lake, rows: ROWS, aws: Callable[..., Any]) -> None:
    dynamodb, name = aws("dynamodb"), f"orders-{lake.bucket}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName=name, Item={"id": {"S": "a"}, "n": {"N": "1"}})
    lake.crawl(Targets={"DynamoDBTargets": [{"Path": name}]})
    assert rows(lake.table()["Name"]) == [{"id": "a", "n": 1}]


@pytest.mark.engine
def test_a_query_reads_a_crawled_table(athena_aws: Callable[..., Any]) -> None:
    made: Asking = asking(athena_aws)
    lake = Lake(made.bucket, made.database, made.glue, made.s3, athena_aws("logs"))
    lake.put({f"data/day={day}/a.json": f'{{"id": {day}}}\n' for day in (1, 2, 3)})
    lake.crawl()
    assert made.rows("SELECT sum(id) AS total FROM data WHERE day > '1'") == [["total"], ["5"]]
