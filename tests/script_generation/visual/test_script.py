"""The lines of each type of visual node; tests/script_generation/test_runs.py runs them."""

import ast
from typing import Any

import pytest

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.script_generation.visual.script import NODE_TYPES, script_of

SOURCE = {"S3JsonSource": {"Name": "in", "Paths": ["s3://b/a"]}}
OTHER = {"S3JsonSource": {"Name": "other", "Paths": ["s3://b/c"]}}


def lines(kind: str, *, inputs: int = 1, **properties: Any) -> list[str]:
    """Return the lines of a node with the variable ``N_n`` behind sources ``in_a`` and ``other_b``."""
    given = {"Name": "N", **({"Inputs": ["a", "b"][:inputs]} if inputs else {}), **properties}
    text = script_of({"a": SOURCE, "b": OTHER, "n": {kind: given}})
    ast.parse(text)
    return text.partition("# Script generated for node N\n")[2].partition("\n\njob.commit()")[0].split("\n")


CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        "S3CsvSource",
        {"inputs": 0, "Paths": ["s3://b/"], "Separator": "ctrla", "QuoteChar": "disabled", "WithHeader": True, "Exclusions": ["**.txt"],
         "AdditionalOptions": {"BoundedFiles": 3}, "CompressionType": "gzip"},
        ['N_n = glueContext.create_dynamic_frame.from_options(format_options={"quoteChar": -1, "separator": "\\x01", "withHeader": True}, '
         'connection_type="s3", format="csv", connection_options={"paths": ["s3://b/"], "compressionType": "gzip", "boundedFiles": "3", '
         '"exclusions": "[\\"**.txt\\"]"}, transformation_ctx="N_n")'],
    ),
    (
        "S3ParquetSource",
        {"inputs": 0, "Paths": ["s3://b/"]},
        ['N_n = glueContext.create_dynamic_frame.from_options(format_options={}, connection_type="s3", format="parquet", '
         'connection_options={"paths": ["s3://b/"]}, transformation_ctx="N_n")'],
    ),
    (
        "S3CatalogSource",
        {"inputs": 0, "Database": "db", "Table": "t", "PartitionPredicate": "day = '1'", "AdditionalOptions": {"BoundedSize": 5}},
        ['N_n = glueContext.create_dynamic_frame.from_catalog(database="db", table_name="t", push_down_predicate="day = \'1\'", '
         'additional_options={"boundedSize": "5"}, transformation_ctx="N_n")'],
    ),
    (
        "CatalogSource",
        {"inputs": 0, "Database": "db", "Table": "t"},
        ['N_n = glueContext.create_dynamic_frame.from_catalog(database="db", table_name="t", transformation_ctx="N_n")'],
    ),
    (
        "ApplyMapping",
        {"Mapping": [
            {"FromPath": ["a"], "ToKey": "x", "FromType": "struct", "ToType": "struct", "Children": [
                {"FromPath": ["b"], "ToKey": "y", "FromType": "int", "ToType": "long"},
                {"FromPath": ["c"], "ToKey": "c", "Dropped": True}]},
            {"FromPath": ["count(1)"], "ToKey": "n", "FromType": "long", "ToType": "long"}]},
        ['N_n = ApplyMapping.apply(frame=in_a, mappings=[("a.b", "int", "x.y", "long"), ("`count(1)`", "long", "n", "long")], '
         'transformation_ctx="N_n")'],
    ),
    ("SelectFields", {"Paths": [["a", "b"], ["c"]]}, ['N_n = SelectFields.apply(frame=in_a, paths=["a.b", "c"], transformation_ctx="N_n")']),
    ("DropFields", {"Paths": [["c"]]}, ['N_n = DropFields.apply(frame=in_a, paths=["c"], transformation_ctx="N_n")']),
    (
        "RenameField",
        {"SourcePath": ["a"], "TargetPath": ["b.c"]},
        ['N_n = RenameField.apply(frame=in_a, old_name="a", new_name="`b.c`", transformation_ctx="N_n")'],
    ),
    (
        "SplitFields",
        {"Paths": [["a"]]},
        ['N_n = SplitFields.apply(frame=in_a, paths=["a"], name1="N_n0", name2="N_n1", transformation_ctx="N_n")'],
    ),
    (
        "SelectFromCollection",
        {"Index": 1},
        ['N_n = SelectFromCollection.apply(dfc=in_a, key=list(in_a.keys())[1], transformation_ctx="N_n")'],
    ),
    (
        "Spigot",
        {"Path": "s3://b/", "Topk": 3, "Prob": 0.5},
        ['N_n = Spigot.apply(frame=in_a, path="s3://b/", options={"topk": 3, "prob": 0.5}, transformation_ctx="N_n")'],
    ),
    (
        "FillMissingValues",
        {"ImputedPath": "a", "FilledPath": "b"},
        ['N_n = FillMissingValues.apply(frame=in_a, missing_values_column="a", output_column="b", transformation_ctx="N_n")'],
    ),
    ("DropDuplicates", {}, ['N_n = DynamicFrame.fromDF(in_a.toDF().dropDuplicates(), glueContext, "N_n")']),
    ("DropDuplicates", {"Columns": [["a b"]]}, ['N_n = DynamicFrame.fromDF(in_a.toDF().dropDuplicates(["a b"]), glueContext, "N_n")']),
    ("DropNullFields", {}, ['N_n = DropNullFields.apply(frame=in_a, transformation_ctx="N_n")']),
    (
        "DropNullFields",
        {"NullCheckBoxList": {"IsEmpty": True, "IsNegOne": True},
         "NullTextList": [{"Value": "0", "Datatype": {"Id": "long", "Label": "long"}}, {"Value": "-", "Datatype": {"Id": "string", "Label": "s"}}]},
        ['N_n = drop_nulls(glueContext=glueContext, frame=in_a, nullStringSet=["", "-"], nullIntegerSet=[-1, 0], transformation_ctx="N_n")'],
    ),
    (
        "Aggregate",
        {"Groups": [["a"]], "Aggs": [{"Column": ["b"], "AggFunc": "countDistinct"}]},
        ['N_n = sparkAggregate(glueContext=glueContext, parentFrame=in_a, groups=["a"], aggs=[["b", "countDistinct"]], transformation_ctx="N_n")'],
    ),
    (
        "DynamicTransform",
        {"TransformName": "gs_concat", "FunctionName": "gs_concat", "Path": "s3://b/gs_concat.json", "Parameters": [
            {"Name": "colName", "Type": "str", "Value": ["x"]}, {"Name": "colList", "Type": "list", "ListType": "str", "Value": ["a", "b"]},
            {"Name": "n", "Type": "int", "Value": ["5"]}, {"Name": "on", "Type": "bool", "Value": ["true"]}, {"Name": "no", "Type": "str"}]},
        ['N_n = in_a.gs_concat(colName="x", colList=["a", "b"], n=5, on=True)'],
    ),
    (
        "Join",
        {"inputs": 2, "JoinType": "equijoin", "Columns": [{"From": "b", "Keys": [["y"]]}, {"From": "a", "Keys": [["x"]]}]},
        ['N_n = Join.apply(frame1=in_a, frame2=other_b, keys1=["x"], keys2=["y"], transformation_ctx="N_n")'],
    ),
    (
        "Join",
        {"inputs": 2, "JoinType": "leftanti", "Columns": [{"From": "a", "Keys": [["x"], ["z"]]}, {"From": "b", "Keys": [["y"], ["w"]]}]},
        ["in_aDF = in_a.toDF()", "other_bDF = other_b.toDF()",
         'N_n = DynamicFrame.fromDF(in_aDF.join(other_bDF, (in_aDF["x"] == other_bDF["y"]) & (in_aDF["z"] == other_bDF["w"]), "leftanti"), '
         'glueContext, "N_n")'],
    ),
    (
        "Union",
        {"inputs": 2, "UnionType": "ALL"},
        ['N_n = sparkUnion(glueContext=glueContext, unionType="ALL", mapping={"source1": in_a, "source2": other_b}, transformation_ctx="N_n")'],
    ),
    (
        "SparkSQL",
        {"inputs": 2, "SqlQuery": "select '''\\d' from x", "SqlAliases": [{"From": "a", "Alias": "x"}, {"From": "b", "Alias": "y"}]},
        ["SqlQuery_N_n = '''", "select \\'\\'\\'\\\\d' from x", "'''",
         'N_n = sparkSqlQuery(glueContext=glueContext, query=SqlQuery_N_n, mapping={"x": in_a, "y": other_b}, transformation_ctx="N_n")'],
    ),
    (
        "CustomCode",
        {"inputs": 2, "Code": "return dfc", "ClassName": "Mine"},
        ['N_n = Mine(glueContext, DynamicFrameCollection({"in_a": in_a, "other_b": other_b}, glueContext))'],
    ),
    (
        "S3DirectTarget",
        {"Path": "s3://b/", "Format": "csv", "Compression": "gzip", "NumberTargetPartitions": "4"},
        ['N_n = glueContext.write_dynamic_frame.from_options(frame=in_a.repartition(4), connection_type="s3", format="csv", '
         'connection_options={"path": "s3://b/", "compression": "gzip", "partitionKeys": []}, transformation_ctx="N_n")'],
    ),
    (
        "S3GlueParquetTarget",
        {"Path": "s3://b/", "Compression": "snappy", "PartitionKeys": [["day"]],
         "SchemaChangePolicy": {"EnableUpdateCatalog": True, "UpdateBehavior": "LOG", "Database": "db", "Table": "t"}},
        ['N_n = glueContext.getSink(path="s3://b/", connection_type="s3", updateBehavior="LOG", partitionKeys=["day"], '
         'enableUpdateCatalog=True, transformation_ctx="N_n")',
         'N_n.setCatalogInfo(catalogDatabase="db", catalogTableName="t")',
         'N_n.setFormat(format="glueparquet", compression="snappy")',
         "N_n.writeFrame(in_a)"],
    ),
    (
        "S3CatalogTarget",
        {"Database": "db", "Table": "t", "SchemaChangePolicy": {"EnableUpdateCatalog": True}, "PartitionKeys": [["day"]]},
        ['N_n = glueContext.write_dynamic_frame.from_catalog(frame=in_a, database="db", table_name="t", additional_options={'
         '"enableUpdateCatalog": True, "updateBehavior": "UPDATE_IN_DATABASE", "partitionKeys": ["day"]}, transformation_ctx="N_n")'],
    ),
    (
        "CatalogTarget",
        {"Database": "db", "Table": "t"},
        ['N_n = glueContext.write_dynamic_frame.from_catalog(frame=in_a, database="db", table_name="t", transformation_ctx="N_n")'],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "properties", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_node_becomes_lines(kind: str, properties: dict[str, Any], expected: list[str]) -> None:
    assert lines(kind, **properties) == expected


def test_every_type_has_a_case() -> None:
    assert set(NODE_TYPES) - {kind for kind, _, _ in CASES} == {"S3JsonSource", "Filter"}


def condition(operation: str, value: str = "", negated: bool = False, column: str = "n") -> str:
    values = [{"Type": "COLUMNEXTRACTED", "Value": [column]}, {"Type": "CONSTANT", "Value": [value]}]
    filters = [{"Operation": operation, "Values": values, "Negated": negated}]
    line = lines("Filter", LogicalOperator="AND", Filters=filters)[0]
    return line.removeprefix("N_n = Filter.apply(frame=in_a, f=lambda row: (").removesuffix(
        '), transformation_ctx="N_n")'
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("EQ", "a"), 'row["n"] == "a"'),
        (("LTE", "5.5"), 'row["n"] <= 5.5'),
        (("EQ", "'5'"), 'row["n"] == "5"'),
        (("EQ", "007"), 'row["n"] == "007"'),
        (("EQ", "true"), 'row["n"] == True'),
        (("GT", "1", True), 'not (row["n"] > 1)'),
        (("REGEX", "5"), 'bool(re.match("5", row["n"]))'),
        (("ISNULL",), 'row["n"] is None'),
    ],
)
def test_a_condition_becomes_python(arguments: Any, expected: str) -> None:
    assert condition(*arguments) == expected


def test_a_number_is_text_if_the_column_is() -> None:
    schema = [{"Columns": [{"Name": "zip", "Type": "string"}]}]
    source = {"S3JsonSource": {"Name": "in", "Paths": ["s3://b/a"], "OutputSchemas": schema}}
    values = [{"Type": "COLUMNEXTRACTED", "Value": ["zip"]}, {"Type": "CONSTANT", "Value": ["9000"]}]
    filters = {
        "Name": "f",
        "Inputs": ["d"],
        "LogicalOperator": "OR",
        "Filters": [{"Operation": "EQ", "Values": values}] * 2,
    }
    drop = {"DropFields": {"Name": "d", "Inputs": ["a"], "Paths": [["x"]]}}
    text = script_of({"a": source, "d": drop, "f": {"Filter": filters}})
    assert 'lambda row: (row["zip"] == "9000" or row["zip"] == "9000")' in text


def test_custom_code_is_the_body_of_a_function() -> None:
    node = {"Name": "N", "Inputs": ["a"], "Code": "    frame = dfc\n    return frame\n", "ClassName": "Mine"}
    text = script_of({"a": SOURCE, "n": {"CustomCode": node}, "m": {"CustomCode": node}})
    function = "def Mine(glueContext, dfc) -> DynamicFrameCollection:\n    frame = dfc\n    return frame\n"
    assert text.count(function) == 1
    assert text.index("from awsglue.dynamicframe import DynamicFrameCollection") < text.index(function)


@pytest.mark.parametrize(
    ("kind", "properties", "message"),
    [
        ("CustomCode", {"Code": "return (", "ClassName": "Mine"}, "not the body"),
        ("CustomCode", {"Code": "", "ClassName": "Mine"}, "not the body"),
        ("CustomCode", {"Code": "return dfc", "ClassName": "not a name"}, "name of a Python function"),
        ("Join", {"inputs": 2, "JoinType": "left", "Columns": [{"From": "x", "Keys": [["a"]]}]}, "not one of its Inputs"),
        ("Join", {"inputs": 2, "JoinType": "left", "Columns": [{"From": "a", "Keys": [["a"]]}]}, "equally many Keys"),
        ("SparkSQL", {"SqlQuery": "", "SqlAliases": [{"From": "x", "Alias": "y"}]}, "not one of its Inputs"),
        ("Filter", {"LogicalOperator": "AND", "Filters": []}, "at least one condition"),
        ("Filter", {"LogicalOperator": "AND", "Filters": [{"Operation": "EQ", "Values": []}]}, "needs a column"),
        ("S3DirectTarget", {"Path": "s3://b/", "Format": "json", "NumberTargetPartitions": "many"}, "must be a number"),
        ("S3DirectTarget", {"Path": "s3://b/", "Format": "json", "SchemaChangePolicy": {"EnableUpdateCatalog": True}}, "needs a Database"),
        ("DynamicTransform", {"TransformName": "x", "FunctionName": "a b", "Path": "s3://b/x"}, "name of a Python function"),
        ("DynamicTransform", {"TransformName": "x", "FunctionName": "x", "Path": "s3://b/x", "Parameters": [{"Name": "n", "Type": "int", "Value": ["x"]}]}, "of type int"),
        ("SelectFields", {"Name": "a\0", "Paths": []}, "cannot contain"),
        ("SelectFields", {"Name": "\ud800", "Paths": []}, "UTF-8"),
    ],
)  # fmt: skip
def test_a_node_that_cannot_run_is_refused(kind: str, properties: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        lines(kind, **properties)


@pytest.mark.parametrize(
    ("kind", "properties", "message"),
    [
        ("S3DirectTarget", {"Path": "s3://b/", "Format": "iceberg"}, "Format iceberg"),
        ("S3GlueParquetTarget", {"Path": "s3://b/", "AutoDataQuality": {"IsEnabled": True}}, "AutoDataQuality"),
        ("S3CsvSource", {"Paths": [], "Separator": "tab", "QuoteChar": "quillemet"}, "quillemet"),
        ("Merge", {}, "type Merge"),
    ],
)
def test_what_is_not_generated_is_refused_by_name(kind: str, properties: dict[str, Any], message: str) -> None:
    with pytest.raises(NotEmulated, match=message):
        lines(kind, **properties)
