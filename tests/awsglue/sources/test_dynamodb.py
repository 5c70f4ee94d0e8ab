"""DynamoDB tables as source and sink, through Spark and boto3."""

from decimal import Decimal
from typing import Any

import pytest

from awsglue.context import GlueContext


@pytest.fixture
def table(aws: Any, aws_environment: None) -> Any:
    """A DynamoDB table ``points`` with the key ``id``."""
    dynamodb = aws("dynamodb")
    dynamodb.create_table(
        TableName="points",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield dynamodb
    dynamodb.delete_table(TableName="points")


def read(context: GlueContext, **options: str) -> Any:
    given = {"dynamodb.input.tableName": "points", **{f"dynamodb.{name}": value for name, value in options.items()}}
    return context.create_dynamic_frame.from_options("dynamodb", given)


def test_items_are_records_with_glues_types(glue_context: GlueContext, table: Any) -> None:
    items = [
        {"id": {"S": "a"}, "n": {"N": "7"}, "m": {"M": {"x": {"N": "1.5"}}}, "l": {"L": [{"S": "p"}]}},
        {"id": {"S": "b"}, "n": {"S": "seven"}, "ok": {"BOOL": True}, "set": {"NS": ["2", "1"]}, "no": {"NULL": True}},
    ]
    for item in items:
        table.put_item(TableName="points", Item=item)
    options = {"splits": "3", "throughput.read.percent": "1.0"}
    frame = read(glue_context, **options)
    kinds = {one.name: one.dataType for one in frame.schema()}
    assert [one.typeName() for one in kinds["n"].choices] == ["long", "string"]
    assert {name: kinds[name].typeName() for name in ("id", "m", "l", "ok", "set", "no")} == {
        **{"id": "string", "m": "struct", "l": "array", "ok": "boolean", "set": "array", "no": "null"},
    }
    found = sorted(frame.resolveChoice(specs=[("n", "cast:string")]).toDF().collect(), key=lambda row: row["id"])
    assert [(row["id"], row["n"]) for row in found] == [("a", "7"), ("b", "seven")]
    assert found[0]["m"]["x"] == 1.5
    assert (found[1]["set"], found[1]["ok"]) == ([1, 2], True)


def test_records_are_put_as_items(glue_context: GlueContext, table: Any, aws: Any, frame: Any) -> None:
    table.put_item(TableName="points", Item={"id": {"S": "a"}, "old": {"S": "replaced"}})
    glue_context.write_dynamic_frame.from_options(
        frame=frame('{"id": "a", "n": 1, "f": 0.5, "s": {"x": [1, 2]}}', '{"id": "b", "t": true}'),
        connection_type="dynamodb",
        connection_options={"dynamodb.output.tableName": "points", "dynamodb.throughput.write.percent": "1.0"},
    )
    items = sorted(table.scan(TableName="points")["Items"], key=lambda item: item["id"]["S"])
    assert items[0]["n"] == {"N": "1"}
    assert Decimal(items[0]["f"]["N"]) == Decimal("0.5")
    assert items[0]["s"] == {"M": {"x": {"L": [{"N": "1"}, {"N": "2"}]}}}
    assert "old" not in items[0]
    assert items[1] == {"id": {"S": "b"}, "t": {"BOOL": True}}


def test_a_catalog_table_over_dynamodb(glue_context: GlueContext, table: Any, glue: Any, rows: Any) -> None:
    table.put_item(TableName="points", Item={"id": {"S": "a"}})
    arn = table.describe_table(TableName="points")["Table"]["TableArn"]
    storage = {"Location": arn, "Columns": [{"Name": "id", "Type": "string"}]}
    described = {"Name": "points", "Parameters": {"classification": "dynamodb"}, "StorageDescriptor": storage}
    glue.create_table(DatabaseName="db", TableInput=described)
    assert rows(glue_context.create_dynamic_frame.from_catalog(database="db", table_name="points")) == [{"id": "a"}]


def test_wrong_options_are_named(glue_context: GlueContext, table: Any, frame: Any) -> None:
    with pytest.raises(NotImplementedError, match="dynamodb.export=ddb is not emulated"):
        read(glue_context, export="ddb", tableArn="arn:aws:dynamodb:us-east-1:000000000000:table/points")
    with pytest.raises(ValueError, match=r"must have \"dynamodb.input.tableName\""):
        glue_context.create_dynamic_frame.from_options("dynamodb", {})
    with pytest.raises(ValueError, match="dynamodb.splits must be between 1 and 1000000, not 2000000"):
        read(glue_context, splits="2000000")
    with pytest.raises(Exception, match="ResourceNotFoundException"):
        glue_context.create_dynamic_frame.from_options("dynamodb", {"dynamodb.input.tableName": "nothing"})
    with pytest.raises(ValueError, match=r"must have \"dynamodb.output.tableName\""):
        glue_context.write_dynamic_frame.from_options(frame('{"id": "a"}'), "dynamodb", {})
