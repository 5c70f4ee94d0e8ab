"""Generated scripts in real job runs: what Spark wrote is read from S3."""

import gzip
import json
from typing import Any

import pytest

from tests.worker.conftest import ENDED

pytestmark = pytest.mark.long

DATA = {
    "trips": [
        {"id": 1, "city": "Gent", "at": {"x": 1}, "tags": ["a"]},
        {"id": 2, "city": "Brussel", "at": {"x": 2}, "tags": []},
        {"id": 3, "city": None, "at": None, "tags": ["b", "c"]},
    ],
    "cities": [{"name": "Gent", "people": 270_000}, {"name": "Brussel", "people": 190_000}],
}


@pytest.fixture(scope="module")
def lake(bench: Any) -> Any:
    """Tables of JSON in the catalog, two of them with records."""
    bench.s3.create_bucket(Bucket="lake")
    bench.glue.create_database(DatabaseInput={"Name": "db"})
    columns = {
        "trips": {"id": "bigint", "city": "string", "at": "struct<x:bigint>", "tags": "array<string>"},
        "cities": {"name": "string", "people": "bigint"},
        "copies": {"id": "int", "city": "string"},
        "parts": {"id": "int", "city": "string"},
        "towns": {"name": "string", "people": "bigint"},
    }
    for name in columns:
        if name in DATA:
            body = "".join(json.dumps(row) + "\n" for row in DATA[name])
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


def visual(bench: Any, name: str, nodes: dict[str, Any], **definition: Any) -> Any:
    """Create a visual job, run it and return how it ended. ``nodes`` are (type, inputs, properties) by id."""
    configuration = {
        key: {kind: {"Name": key, **({"Inputs": list(inputs)} if inputs else {}), **properties}}
        for key, (kind, inputs, properties) in nodes.items()
    }
    bench.glue.create_job(
        Name=name,
        Role="arn:aws:iam::000000000000:role/r",
        Command={"Name": "glueetl", "ScriptLocation": f"s3://scripts/{name}.py"},
        CodeGenConfigurationNodes=configuration,
        **definition,
    )
    run_id = bench.start(name)
    bench.await_state(name, run_id, *ENDED, seconds=600)
    return bench.ended(name, run_id)


def out(folder: str, **more: Any) -> dict[str, Any]:
    return {"Path": f"s3://lake/{folder}/", "Format": "json", **more}


PEOPLE = "id,city,zip,note\n1,Gent,9000,\n2,Brussel,1000,null\n2,Brussel,1000,null\n3,Aalst,9300,\n"
CODE = """\
frame = dfc.select(list(dfc.keys())[0])
rows = frame.toDF().selectExpr("id", "id * 2 as twice", "zip")
return DynamicFrameCollection({"doubled": DynamicFrame.fromDF(rows, glueContext, "doubled")}, glueContext)
"""
COLUMNS = [
    ("id", "string", "long"),
    ("city", "string", "string"),
    ("zip", "string", "string"),
    ("note", "string", "string"),
]


def compare(operation: str, column: str, value: str) -> dict[str, Any]:
    values = [{"Type": "COLUMNEXTRACTED", "Value": [column]}, {"Type": "CONSTANT", "Value": [value]}]
    return {"LogicalOperator": "AND", "Filters": [{"Operation": operation, "Values": values}]}


def test_a_visual_job_with_every_type_of_node(lake: Any) -> None:
    lake.s3.put_object(Bucket="lake", Key="people/rows.csv", Body=PEOPLE.encode())
    mapping = [{"FromPath": [name], "ToKey": name, "FromType": have, "ToType": want} for name, have, want in COLUMNS]
    keys = [{"From": "once", "Keys": [["city"]]}, {"From": "cities", "Keys": [["name"]]}]
    stored = {"EnableUpdateCatalog": True, "Database": "db", "Table": "stored"}
    nodes: dict[str, Any] = {
        "people": ("S3CsvSource", (), {"Paths": ["s3://lake/people/"], "Separator": "comma", "QuoteChar": "quote", "WithHeader": True}),
        "cities": ("S3JsonSource", (), {"Paths": ["s3://lake/cities/"], "Recurse": True}),
        "typed": ("ApplyMapping", ["people"], {"Mapping": mapping}),
        "filled": ("DropNullFields", ["typed"], {"NullCheckBoxList": {"IsEmpty": True, "IsNullString": True}}),
        "plain": ("DropNullFields", ["filled"], {}),
        "once": ("DropDuplicates", ["plain"], {"Columns": [["id"]]}),
        "sample": ("Spigot", ["once"], {"Path": "s3://lake/sample/", "Topk": 2}),
        "joined": ("Join", ["once", "cities"], {"JoinType": "equijoin", "Columns": keys}),
        "few": ("SelectFields", ["joined"], {"Paths": [["id"], ["people"]]}),
        "renamed": ("RenameField", ["few"], {"SourcePath": ["people"], "TargetPath": ["inhabitants"]}),
        "renamed-out": ("S3DirectTarget", ["renamed"], out("renamed")),
        "without": ("Join", ["once", "cities"], {"JoinType": "leftanti", "Columns": keys}),
        "less": ("DropFields", ["without"], {"Paths": [["zip"]]}),
        "less-out": ("S3DirectTarget", ["less"], out("less", Compression="gzip", NumberTargetPartitions="1")),
        "ghent": ("Filter", ["once"], compare("REGEX", "zip", "90")),
        "brussels": ("Filter", ["once"], compare("EQ", "zip", "1000")),
        "both": ("Union", ["ghent", "brussels"], {"UnionType": "DISTINCT"}),
        "both-out": ("S3DirectTarget", ["both"], out("both")),
        "total": ("Aggregate", ["typed"], {"Groups": [["id"]], "Aggs": [{"Column": ["zip"], "AggFunc": "count"}]}),
        "query": ("SparkSQL", ["total"], {"SqlQuery": "select id, `count(zip)` as n\nfrom totals", "SqlAliases": [{"From": "total", "Alias": "totals"}]}),
        "query-out": ("S3DirectTarget", ["query"], out("query")),
        "code": ("CustomCode", ["once"], {"ClassName": "Doubled", "Code": CODE}),
        "chosen": ("SelectFromCollection", ["code"], {"Index": 0}),
        "split": ("SplitFields", ["chosen"], {"Paths": [["id"], ["twice"]]}),
        "ids": ("SelectFromCollection", ["split"], {"Index": 0}),
        "ids-out": ("S3DirectTarget", ["ids"], out("ids")),
        "stored": ("S3GlueParquetTarget", ["once"], {"Path": "s3://lake/stored/", "PartitionKeys": [["zip"]], "SchemaChangePolicy": stored}),
    }  # fmt: skip
    done = visual(lake, "everything", nodes)
    assert done.state == "SUCCEEDED", done

    assert rows(lake, "renamed/") == [{"id": 1, "inhabitants": 270_000}, {"id": 2, "inhabitants": 190_000}]
    (compressed,) = lake.s3.list_objects_v2(Bucket="lake", Prefix="less/part-")["Contents"]
    body = lake.s3.get_object(Bucket="lake", Key=compressed["Key"])["Body"].read()
    assert json.loads(gzip.decompress(body)) == {"id": 3, "city": "Aalst"}, "the column note is dropped"
    assert [row["zip"] for row in rows(lake, "both/")] == ["9000", "1000"]
    assert rows(lake, "query/") == [{"id": 1, "n": 1}, {"id": 2, "n": 2}, {"id": 3, "n": 1}]
    assert rows(lake, "ids/") == [{"id": number, "twice": 2 * number} for number in (1, 2, 3)]
    assert len(rows(lake, "sample/")) == 2
    partitions = lake.glue.get_partitions(DatabaseName="db", TableName="stored")["Partitions"]
    assert sorted(one["Values"] for one in partitions) == [["1000"], ["9000"], ["9300"]]

    copied: dict[str, Any] = {
        "files": ("S3ParquetSource", (), {"Paths": ["s3://lake/stored/"], "Recurse": True}),
        "large": ("Filter", ["files"], compare("GTE", "id", "2")),
        "files-out": ("S3DirectTarget", ["large"], out("files")),
        "table": ("S3CatalogSource", (), {"Database": "db", "Table": "stored", "PartitionPredicate": "zip = '9300'"}),
        "table-out": ("S3CatalogTarget", ["table"], {"Database": "db", "Table": "parts"}),
        "again": ("CatalogSource", (), {"Database": "db", "Table": "cities"}),
        "again-out": ("CatalogTarget", ["again"], {"Database": "db", "Table": "towns"}),
    }
    done = visual(lake, "copied", copied)
    assert done.state == "SUCCEEDED", done
    assert [row["id"] for row in rows(lake, "files/")] == [2, 3]
    assert [(row["id"], row["city"]) for row in rows(lake, "parts/")] == [(3, "Aalst")]
    assert len(lake.s3.list_objects_v2(Bucket="lake", Prefix="towns/")["Contents"]) >= 1


STUDIO = "s3://aws-glue-studio-transforms-510798373988-prod-us-east-1"


def dynamic(function: str, **parameters: Any) -> dict[str, Any]:
    """Return the properties of a DynamicTransform."""
    given = [
        {"Name": name, "Type": "list", "ListType": "str", "Value": value}
        if isinstance(value, list)
        else {"Name": name, "Type": "str", "Value": [value]}
        for name, value in parameters.items()
    ]
    return {
        "TransformName": function,
        "FunctionName": function,
        "Path": f"{STUDIO}/{function}.json",
        "Parameters": given,
    }


def test_glue_studios_own_transforms(lake: Any) -> None:
    nodes: dict[str, Any] = {
        "cities": ("CatalogSource", (), {"Database": "db", "Table": "cities"}),
        "derived": ("DynamicTransform", ["cities"], dynamic("gs_derived", colName="id", expr="people / 1000")),
        "joined": (
            "DynamicTransform",
            ["derived"],
            dynamic("gs_concat", colName="label", colList=["name", "people"], spacer=" "),
        ),
        "some": ("SelectFields", ["joined"], {"Paths": [["id"], ["label"]]}),
        "out": ("S3DirectTarget", ["some"], out("studio")),
    }
    modules = ("gs_common", "gs_derived", "gs_concat")
    files = {"--extra-py-files": ",".join(f"{STUDIO}/{name}.py" for name in modules)}
    done = visual(lake, "studio", nodes, DefaultArguments=files)
    assert done.state == "SUCCEEDED", done
    assert rows(lake, "studio/") == [{"id": 190.0, "label": "Brussel 190000"}, {"id": 270.0, "label": "Gent 270000"}]

    done = visual(lake, "unknown", nodes, DefaultArguments={"--extra-py-files": f"{STUDIO}/gs_lookup.py"})
    assert done.state == "FAILED"
    assert "does not emulate the transform gs_lookup" in done.message
