"""The source nodes: files in S3 and tables of the Data Catalog."""

import json
from collections.abc import Callable
from typing import Any

from glue_local.core.faults import NotEmulated
from glue_local.script_generation.visual.nodes import Code, VisualNode, assign

_SEPARATORS = {"comma": ",", "ctrla": "\x01", "pipe": "|", "semicolon": ";", "tab": "\t"}
_QUOTES: dict[str, str | int] = {"quote": '"', "single_quote": "'", "disabled": -1}

# Each member of S3's sources with its connection option.
_OPTIONS = {
    "CompressionType": "compressionType",
    "GroupFiles": "groupFiles",
    "GroupSize": "groupSize",
    "Recurse": "recurse",
    "MaxBand": "maxBand",
    "MaxFilesInBand": "maxFilesInBand",
}
_BOUNDS = {"BoundedSize": "boundedSize", "BoundedFiles": "boundedFiles"}
_CSV = {
    "Escaper": "escaper",
    "Multiline": "multiLine",
    "WithHeader": "withHeader",
    "WriteHeader": "writeHeader",
    "SkipFirst": "skipFirst",
    "OptimizePerformance": "optimizePerformance",
}
_JSON = {"JsonPath": "jsonPath", "Multiline": "multiLine"}


def _csv(node: VisualNode) -> Code:
    given = node.properties
    if given["QuoteChar"] not in _QUOTES:
        raise NotEmulated(f"glue-local does not generate the QuoteChar {given['QuoteChar']} (node {node.id}).")
    options = {"quoteChar": _QUOTES[given["QuoteChar"]], "separator": _SEPARATORS[given["Separator"]]}
    return _files(node, "csv", {**options, **_renamed(given, _CSV)})


def _json(node: VisualNode) -> Code:
    return _files(node, "json", _renamed(node.properties, _JSON))


def _parquet(node: VisualNode) -> Code:
    return _files(node, "parquet", {})


def _files(node: VisualNode, written: str, format_options: dict[str, Any]) -> Code:
    given = node.properties
    options = {"paths": list(given["Paths"]), **_renamed(given, _OPTIONS), **_bounds(given)}
    if given.get("Exclusions"):
        options["exclusions"] = json.dumps(given["Exclusions"])
    line = assign(
        node,
        "glueContext.create_dynamic_frame.from_options",
        format_options=format_options,
        connection_type="s3",
        format=written,
        connection_options=options,
        transformation_ctx=node.variable,
    )
    return Code([line])


def _table(node: VisualNode) -> Code:
    given = node.properties
    more: dict[str, Any] = {}
    if given.get("PartitionPredicate"):
        more["push_down_predicate"] = given["PartitionPredicate"]
    if _bounds(given):
        more["additional_options"] = _bounds(given)
    line = assign(
        node,
        "glueContext.create_dynamic_frame.from_catalog",
        database=given["Database"],
        table_name=given["Table"],
        **more,
        transformation_ctx=node.variable,
    )
    return Code([line])


def _bounds(given: Any) -> dict[str, str]:
    # Options of type string: https://docs.aws.amazon.com/glue/latest/dg/bounded-execution.html
    return {key: str(value) for key, value in _renamed(given.get("AdditionalOptions", {}), _BOUNDS).items()}


def _renamed(given: Any, names: dict[str, str]) -> dict[str, Any]:
    return {name: given[member] for member, name in names.items() if given.get(member) not in (None, "")}


SOURCES: dict[str, Callable[[VisualNode], Code]] = {
    "S3CsvSource": _csv,
    "S3JsonSource": _json,
    "S3ParquetSource": _parquet,
    "CatalogSource": _table,
    "S3CatalogSource": _table,
}
