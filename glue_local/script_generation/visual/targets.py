"""The target nodes: files in S3 and tables of the Data Catalog."""

from collections.abc import Callable
from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.script_generation.python_source import call, literal
from glue_local.script_generation.visual.nodes import Code, Name, VisualNode, assign

_FORMATS = ("json", "csv", "avro", "orc", "parquet")


def _files(node: VisualNode) -> Code:
    written = node.properties["Format"]
    if written not in _FORMATS:
        raise NotEmulated(f"glue-local does not generate S3DirectTarget with the Format {written} (node {node.id}).")
    compression = node.properties.get("Compression")
    return _written(node, written, {"compression": compression} if compression else {}, {})


def _parquet(node: VisualNode) -> Code:
    compression = node.properties.get("Compression")
    return _written(node, "glueparquet", {}, {"compression": compression} if compression else {})


def _written(node: VisualNode, written: str, options: dict[str, Any], format_options: dict[str, Any]) -> Code:
    _check(node)
    given = node.properties
    keys = _partition_keys(given)
    policy = given.get("SchemaChangePolicy") or {}
    if policy.get("EnableUpdateCatalog"):
        return _with_catalog(node, written, {**options, **format_options})
    line = assign(
        node,
        "glueContext.write_dynamic_frame.from_options",
        frame=_frame(node),
        connection_type="s3",
        format=written,
        connection_options={"path": given["Path"], **options, "partitionKeys": keys},
        **({"format_options": format_options} if format_options else {}),
        transformation_ctx=node.variable,
    )
    return Code([line])


def _with_catalog(node: VisualNode, written: str, options: dict[str, Any]) -> Code:
    given, policy = node.properties, node.properties["SchemaChangePolicy"]
    if not (policy.get("Database") and policy.get("Table")):
        raise Invalid(f"SchemaChangePolicy of node {node.id} needs a Database and a Table.")
    sink = assign(
        node,
        "glueContext.getSink",
        path=given["Path"],
        connection_type="s3",
        updateBehavior=policy.get("UpdateBehavior", "UPDATE_IN_DATABASE"),
        partitionKeys=_partition_keys(given),
        enableUpdateCatalog=True,
        transformation_ctx=node.variable,
    )
    catalog = {"catalogDatabase": literal(policy["Database"]), "catalogTableName": literal(policy["Table"])}
    form = {key: literal(value) for key, value in {"format": written, **options}.items()}
    methods = (call(f"{node.variable}.setCatalogInfo", catalog), call(f"{node.variable}.setFormat", form))
    return Code([sink, *methods, f"{node.variable}.writeFrame({_frame(node)})"])


def _table(node: VisualNode) -> Code:
    _check(node)
    given = node.properties
    policy = given.get("SchemaChangePolicy") or {}
    options: dict[str, Any] = {}
    if policy.get("EnableUpdateCatalog"):
        options = {"enableUpdateCatalog": True, "updateBehavior": policy.get("UpdateBehavior", "UPDATE_IN_DATABASE")}
    if _partition_keys(given):
        options["partitionKeys"] = _partition_keys(given)
    line = assign(
        node,
        "glueContext.write_dynamic_frame.from_catalog",
        frame=_frame(node),
        database=given["Database"],
        table_name=given["Table"],
        **({"additional_options": options} if options else {}),
        transformation_ctx=node.variable,
    )
    return Code([line])


def _frame(node: VisualNode) -> Name:
    number = node.properties.get("NumberTargetPartitions") or "0"
    if not number.isdecimal():
        raise Invalid(f"NumberTargetPartitions of node {node.id} must be a number, not {number}.")
    return Name(f"{node.frame}.repartition({int(number)})" if int(number) else node.frame)


def _partition_keys(given: Any) -> list[str]:
    return [".".join(parts) for parts in given.get("PartitionKeys", [])]


def _check(node: VisualNode) -> None:
    if (node.properties.get("AutoDataQuality") or {}).get("IsEnabled"):
        raise NotEmulated(f"glue-local does not generate AutoDataQuality (node {node.id}): disable it.")


TARGETS: dict[str, Callable[[VisualNode], Code]] = {
    "S3DirectTarget": _files,
    "S3GlueParquetTarget": _parquet,
    "S3CatalogTarget": _table,
    "CatalogTarget": _table,
}
