"""Generated scripts in real job runs: what Spark wrote is read from S3."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.long

TRIPS = [
    {"id": 1, "city": "Gent", "at": {"x": 1}, "tags": ["a"]},
    {"id": 2, "city": "Brussel", "at": {"x": 2}, "tags": []},
    {"id": 3, "city": None, "at": None, "tags": ["b", "c"]},
]
CITIES = [{"name": "Gent", "people": 270_000}, {"name": "Brussel", "people": 190_000}]


@pytest.fixture(scope="module")
def lake(bench: Any) -> Any:
    """Two tables of JSON in the catalog, and a bucket for results."""
    bench.s3.create_bucket(Bucket="lake")
    bench.glue.create_database(DatabaseInput={"Name": "db"})
    columns = {
        "trips": {"id": "bigint", "city": "string", "at": "struct<x:bigint>", "tags": "array<string>"},
        "cities": {"name": "string", "people": "bigint"},
        "copies": {"id": "int", "city": "string"},
    }
    for name, rows in (("trips", TRIPS), ("cities", CITIES), ("copies", [])):
        if rows:
            body = "".join(json.dumps(row) + "\n" for row in rows)
            bench.s3.put_object(Bucket="lake", Key=f"{name}/rows.json", Body=body.encode())
        bench.glue.create_table(
            DatabaseName="db",
            TableInput={
                "Name": name,
                "Parameters": {"classification": "json"},
                "StorageDescriptor": {
                    "Location": f"s3://lake/{name}/",
                    "Columns": [{"Name": key, "Type": kind} for key, kind in columns[name].items()],
                    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                    "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
                },
            },
        )
    return bench


def rows(bench: Any, prefix: str) -> list[dict[str, Any]]:
    """Return the JSON records below a prefix, by id."""
    keys = [item["Key"] for item in bench.s3.list_objects_v2(Bucket="lake", Prefix=prefix).get("Contents", [])]
    lines = [
        line
        for key in keys
        if not key.endswith(("/", "_SUCCESS"))
        for line in bench.s3.get_object(Bucket="lake", Key=key)["Body"].read().decode().splitlines()
    ]
    return sorted((json.loads(line) for line in lines), key=lambda row: row["id"])


def succeed(bench: Any, script: str) -> None:
    done = bench.run(script, "glueetl")
    assert done.state == "SUCCEEDED", done


def test_a_plan_copies_a_table_to_s3_and_to_another_table(lake: Any) -> None:
    table, sink = ({"DatabaseName": "db", "TableName": name} for name in ("trips", "copies"))
    mapping = lake.glue.get_mapping(Source=table)["Mapping"]
    place = [{"Name": "path", "Value": "s3://lake/plan/"}, {"Name": "format", "Value": "json"}]
    succeed(lake, lake.glue.get_plan(Mapping=mapping, Source=table, Location={"S3": place})["PythonScript"])
    written = rows(lake, "plan/")
    assert [(row["id"], row.get("city"), row.get("tags")) for row in written] == [
        (1, "Gent", ["a"]),
        (2, "Brussel", []),
        (3, None, ["b", "c"]),
    ]
    assert [row.get("at") for row in written] == [{"x": 1}, {"x": 2}, None]

    mapping = lake.glue.get_mapping(Source=table, Sinks=[sink])["Mapping"]
    succeed(lake, lake.glue.get_plan(Mapping=mapping, Source=table, Sinks=[sink])["PythonScript"])
    assert [row["id"] for row in rows(lake, "copies/")] == [1, 2, 3]


def test_a_graph_joins_two_tables(lake: Any) -> None:
    def node(name: str, kind: str, **arguments: str) -> dict[str, Any]:
        return {"Id": name, "NodeType": kind, "Args": [{"Name": key, "Value": text} for key, text in arguments.items()]}

    nodes = [
        node("trips", "DataSource", database='"db"', table_name='"trips"'),
        node("cities", "DataSource", database='"db"', table_name='"cities"'),
        node("joined", "Join", keys1='["city"]', keys2='["name"]'),
        node("large", "Filter", f='lambda row: row["people"] > 200000'),
        node("some", "SelectFields", paths='["id", "people"]'),
        node(
            "sink",
            "DataSink",
            connection_type='"s3"',
            connection_options='{"path": "s3://lake/joined/"}',
            format='"json"',
        ),
    ]
    edges = [("trips", "joined"), ("cities", "joined"), ("joined", "large"), ("large", "some"), ("some", "sink")]
    script = lake.glue.create_script(
        DagNodes=nodes, DagEdges=[{"Source": source, "Target": target} for source, target in edges]
    )["PythonScript"]
    succeed(lake, script)
    assert rows(lake, "joined/") == [{"id": 1, "people": 270_000}]
