"""Generated scripts through boto3: graphs to scripts and back, mappings and plans.

AWS's page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-etl-script-generation.html
"""

from typing import Any

import pytest
from botocore.exceptions import ClientError

MAPPING = '[("id", "long", "id", "long"), ("city", "string", "town", "string")]'


def node(name: str, kind: str, **arguments: str) -> dict[str, Any]:
    return {"Id": name, "NodeType": kind, "Args": [{"Name": key, "Value": text} for key, text in arguments.items()]}


def edge(source: str, target: str, parameter: str = "") -> dict[str, str]:
    return {"Source": source, "Target": target, **({"TargetParameter": parameter} if parameter else {})}


NODES = [
    node("datasource0", "DataSource", database='"db"', table_name='"trips"'),
    node("applymapping1", "ApplyMapping", mapping=MAPPING),
    node("datasink2", "DataSink", connection_type='"s3"', connection_options='{"path": "s3://out/a"}', format='"json"'),
]
EDGES = [edge("datasource0", "applymapping1"), edge("applymapping1", "datasink2")]

SCRIPT = """\
import sys
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
from awsglue.context import GlueContext
from awsglue.job import Job

## @params: [JOB_NAME]
args = getResolvedOptions(sys.argv, ['JOB_NAME'])

sc = SparkContext()
glueContext = GlueContext(sc)
spark = glueContext.spark_session
job = Job(glueContext)
job.init(args["JOB_NAME"], args)
## @type: DataSource
## @args: [database = "db", table_name = "trips", transformation_ctx = "datasource0"]
## @return: datasource0
## @inputs: []
datasource0 = glueContext.create_dynamic_frame.from_catalog(database = "db", table_name = "trips", transformation_ctx = "datasource0")
## @type: ApplyMapping
## @args: [mapping = [("id", "long", "id", "long"), ("city", "string", "town", "string")], transformation_ctx = "applymapping1"]
## @return: applymapping1
## @inputs: [frame = datasource0]
applymapping1 = ApplyMapping.apply(frame = datasource0, mappings = [("id", "long", "id", "long"), ("city", "string", "town", "string")], transformation_ctx = "applymapping1")
## @type: DataSink
## @args: [connection_type = "s3", connection_options = {"path": "s3://out/a"}, format = "json", transformation_ctx = "datasink2"]
## @return: datasink2
## @inputs: [frame = applymapping1]
datasink2 = glueContext.write_dynamic_frame.from_options(frame = applymapping1, connection_type = "s3", connection_options = {"path": "s3://out/a"}, format = "json", transformation_ctx = "datasink2")
job.commit()
"""


@pytest.fixture(scope="module")
def catalog(endpoint: Any) -> None:
    """A database with the tables that the tests map."""
    import boto3

    glue = boto3.client(
        "glue",
        endpoint_url=endpoint.endpoint,
        region_name="us-east-1",
        aws_access_key_id="000000000000",
        aws_secret_access_key="test",
    )
    glue.create_database(DatabaseInput={"Name": "db"})
    columns = {"id": "bigint", "name": "varchar(20)", "tags": "array<string>", "at": "struct<x:int>", "a.b": "smallint"}
    for name, types, keys in (("trips", columns, {"day": "date"}), ("out", {"NAME": "string", "id": "int"}, {})):
        glue.create_table(
            DatabaseName="db",
            TableInput={
                "Name": name,
                "StorageDescriptor": {"Columns": [{"Name": key, "Type": kind} for key, kind in types.items()]},
                "PartitionKeys": [{"Name": key, "Type": kind} for key, kind in keys.items()],
            },
        )


def generate(aws: Any, nodes: Any, edges: Any, **more: Any) -> str:
    return str(aws("glue").create_script(DagNodes=nodes, DagEdges=edges, **more)["PythonScript"])


def refused(operation: Any, code: str, message: str, **request: Any) -> None:
    with pytest.raises(ClientError, match=message) as refusal:
        operation(**request)
    assert refusal.value.response["Error"]["Code"] == code


def test_a_graph_becomes_an_annotated_script(aws: Any) -> None:
    assert generate(aws, list(reversed(NODES)), EDGES, Language="PYTHON") == SCRIPT


def test_a_script_becomes_the_graph_it_was_generated_from(aws: Any) -> None:
    graph = aws("glue").get_dataflow_graph(PythonScript=SCRIPT)
    assert [(one["Id"], one["NodeType"], one["LineNumber"]) for one in graph["DagNodes"]] == [
        ("datasource0", "DataSource", 16),
        ("applymapping1", "ApplyMapping", 21),
        ("datasink2", "DataSink", 26),
    ]
    assert graph["DagNodes"][1]["Args"][0] == {"Name": "mapping", "Value": MAPPING, "Param": False}
    assert graph["DagEdges"] == [
        edge("datasource0", "applymapping1", "frame"),
        edge("applymapping1", "datasink2", "frame"),
    ]
    assert generate(aws, graph["DagNodes"], graph["DagEdges"]) == SCRIPT


def test_a_parameter_is_an_argument_of_the_job(aws: Any) -> None:
    sink = node("sink", "DataSink", catalog_connection='"warehouse"', connection_options='{"dbtable": "t"}')
    sink["Args"].append({"Name": "redshift_tmp_dir", "Value": "TempDir", "Param": True})
    script = generate(aws, [NODES[0], sink], [edge("datasource0", "sink")])
    assert "## @params: [TempDir, JOB_NAME]\nargs = getResolvedOptions(sys.argv, ['TempDir', 'JOB_NAME'])" in script
    assert "redshift_tmp_dir = TempDir, transformation_ctx" in script
    assert 'from_jdbc_conf(frame = datasource0, catalog_connection = "warehouse", ' in script
    assert 'redshift_tmp_dir = args["TempDir"]' in script
    arguments = aws("glue").get_dataflow_graph(PythonScript=script)["DagNodes"][1]["Args"]
    assert [one["Name"] for one in arguments if one["Param"]] == ["redshift_tmp_dir"]


def test_a_join_takes_its_inputs_by_parameter(aws: Any) -> None:
    other = node("other", "DataSource", database='"db"', table_name='"cities"')
    join = node("join2", "Join", keys1='["id"]', keys2='["id"]')
    edges = [edge("datasource0", "join2", "frame2"), edge("other", "join2")]
    script = generate(aws, [NODES[0], other, join], edges)
    assert 'join2 = Join.apply(frame1 = other, frame2 = datasource0, keys1 = ["id"]' in script
    assert "## @inputs: [frame1 = other, frame2 = datasource0]" in script


@pytest.mark.parametrize(
    ("nodes", "edges", "message"),
    [
        ([NODES[0], NODES[0]], [], "unique"),
        ([NODES[0]], [edge("datasource0", "none")], "not a node"),
        ([NODES[0]], [edge("none", "datasource0")], "not a node"),
        ([NODES[1]], [], "must have 1 edges"),
        ([*NODES[:2]], [EDGES[0], edge("applymapping1", "datasource0")], "cycle"),
        ([node("a", "Sort")], [], "unknown type Sort"),
        ([node("args", "DataSource", database='"a"', table_name='"b"')], [], "name of the script"),
        ([node("a", "DataSource", database='"a"')], [], "needs the arguments database and table_name"),
        ([node("a", "DataSource", database='"a"', table_name="b c")], [], "not a Python expression"),
        ([node("a", "DataSource", database='"a"', table_name="1) + (2")], [], "not a Python expression"),
        ([node("a", "DataSource", database='"a"', table_name="1 # x")], [], "not a Python expression"),
        ([node("a", "DataSource", database='"a"', table_name="1, b = 2")], [], "not a Python expression"),
        ([node("a", "DataSource", database='"a"', table_name="1\n")], [], "on one line"),
        ([node("a", "DataSource", database='"a"', table_name="-" * 100_000 + "1")], [], "not a Python expression"),
        ([node("a", "DataSource", database='"a"', table_name="(" * 5_000)], [], "not a Python expression"),
        ([node("a", "DataSource", **{"database": '"a"', "table_name": '"b"', "x y": "1"})], [], "name of a Python argument"),
        ([NODES[0], NODES[1]], [edge("datasource0", "applymapping1", "frames")], "must be its frame"),
    ],
)  # fmt: skip
def test_a_graph_that_cannot_run_is_refused(aws: Any, nodes: Any, edges: Any, message: str) -> None:
    refused(aws("glue").create_script, "InvalidInputException", message, DagNodes=nodes, DagEdges=edges)


def test_scala_is_refused_by_name(aws: Any) -> None:
    code = "NotEmulatedByGlueLocalException"
    refused(aws("glue").create_script, code, "SCALA", DagNodes=[], DagEdges=[], Language="SCALA")
    source = {"DatabaseName": "db", "TableName": "trips"}
    refused(aws("glue").get_plan, code, "SCALA", Mapping=[], Source=source, Language="SCALA")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("## @args: [a = 1]", "Line 1: @args does not follow"),
        ("## @type: Join\n## @args: [a = ]\n## @return: a", "Line 2: not a list"),
        ("## @type: Join\n## @args: [1]\n## @return: a", "Line 2: not a list"),
        ("## @type: Join\n## @args: a\n## @return: a", "Line 2: not in square brackets"),
        ("## @type: Join\n## @args: []", "Line 1: the node of type Join needs a @return"),
    ],
)
def test_an_annotation_that_cannot_be_read_is_refused_with_its_line(aws: Any, script: str, message: str) -> None:
    refused(aws("glue").get_dataflow_graph, "InvalidInputException", message, PythonScript=script)


def test_a_script_without_annotations_has_no_graph(aws: Any) -> None:
    graph = aws("glue").get_dataflow_graph(PythonScript="print('## @type: not at the beginning of a line')\n")
    assert (graph["DagNodes"], graph["DagEdges"]) == ([], [])


def test_a_mapping_names_columns_and_glues_types(aws: Any, catalog: None) -> None:
    found = aws("glue").get_mapping(Source={"DatabaseName": "db", "TableName": "trips"})["Mapping"]
    assert [(one["SourcePath"], one["SourceType"]) for one in found] == [
        ("id", "long"), ("name", "string"), ("tags", "array"), ("at", "struct"), ("`a.b`", "short"), ("day", "date"),
    ]  # fmt: skip
    assert found[0] == {
        "SourceTable": "trips", "SourcePath": "id", "SourceType": "long",
        "TargetTable": "trips", "TargetPath": "id", "TargetType": "long",
    }  # fmt: skip


def test_a_mapping_to_a_sink_has_the_columns_of_both(aws: Any, catalog: None) -> None:
    tables = {
        "Source": {"DatabaseName": "db", "TableName": "trips"},
        "Sinks": [{"DatabaseName": "db", "TableName": "out"}],
    }
    found = aws("glue").get_mapping(**tables)["Mapping"]
    keys = ("SourcePath", "SourceType", "TargetTable", "TargetPath", "TargetType")
    assert [tuple(one[key] for key in keys) for one in found] == [
        ("id", "long", "out", "id", "int"),
        ("name", "string", "out", "name", "string"),
    ]


def test_a_mapping_of_a_missing_table_is_refused(aws: Any, catalog: None) -> None:
    mapping = aws("glue").get_mapping
    refused(mapping, "EntityNotFoundException", "none", Source={"DatabaseName": "db", "TableName": "none"})


def plan(aws: Any, **more: Any) -> list[tuple[str, str]]:
    """Return the nodes of a plan: (id, the arguments without transformation_ctx)."""
    entry = {"SourcePath": "id", "SourceType": "long", "TargetPath": "id", "TargetType": "int"}
    request = {"Mapping": [entry], "Source": {"DatabaseName": "db", "TableName": "trips"}, **more}
    script = aws("glue").get_plan(**request)["PythonScript"]
    nodes = aws("glue").get_dataflow_graph(PythonScript=script)["DagNodes"]
    return [(one["Id"], ", ".join(f"{each['Name']}={each['Value']}" for each in one["Args"][:-1])) for one in nodes]


def test_a_plan_to_files_resolves_choices(aws: Any) -> None:
    place = [{"Name": "path", "Value": "s3://out/a"}, {"Name": "partitionKeys", "Value": '["day"]'}]
    assert plan(aws, Location={"S3": place}) == [
        ("datasource0", 'database="db", table_name="trips"'),
        ("applymapping1", 'mapping=[("id", "long", "id", "int")]'),
        ("resolvechoice2", 'choice="make_struct"'),
        ("dropnullfields3", ""),
        (
            "datasink4",
            'connection_type="s3", connection_options={"path": "s3://out/a", "partitionKeys": ["day"]}, format="parquet"',
        ),
    ]
    text = plan(aws, Location={"S3": [*place, {"Name": "format", "Value": "json"}]})
    assert [name for name, _ in text] == ["datasource0", "applymapping1", "datasink2"]


def test_a_plan_to_a_table_matches_its_types(aws: Any) -> None:
    assert plan(aws, Sinks=[{"DatabaseName": "db", "TableName": "out"}])[2:] == [
        ("selectfields2", 'paths=["id"]'),
        ("resolvechoice3", 'choice="MATCH_CATALOG", database="db", table_name="out"'),
        ("datasink4", 'database="db", table_name="out"'),
    ]


def test_a_plan_to_a_database_uses_its_connection(aws: Any) -> None:
    place = [{"Name": "catalog_connection", "Value": "warehouse"}, {"Name": "dbtable", "Value": "t"}]
    assert plan(aws, Location={"Jdbc": place})[-1] == (
        "datasink4",
        'catalog_connection="warehouse", connection_options={"dbtable": "t"}',
    )


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        ({"Mapping": []}, "InvalidInputException", "at least one entry"),
        ({"Location": {"S3": [{"Name": "format", "Value": "csv"}]}}, "InvalidInputException", "needs an argument path"),
        ({"AdditionalPlanOptionsMap": {"a": "b"}}, "InvalidInputException", "inferSchema"),
        ({"AdditionalPlanOptionsMap": {"inferSchema": "true"}}, "NotEmulatedByGlueLocalException", "inferSchema"),
    ],
)
def test_a_plan_that_cannot_run_is_refused(aws: Any, more: Any, code: str, message: str) -> None:
    request = {"Mapping": [{"SourcePath": "id"}], "Source": {"DatabaseName": "db", "TableName": "trips"}, **more}
    refused(aws("glue").get_plan, code, message, **request)
