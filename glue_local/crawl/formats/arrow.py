"""Types of Parquet and ORC files, which pyarrow reads."""

from importlib import import_module
from typing import Any

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.types import MAP, STRING, Columns, Type, text
from glue_local.prerequisites import extras

_NAMES = {
    "bool": "boolean",
    "int8": "tinyint",
    "int16": "smallint",
    "int32": "int",
    "int64": "bigint",
    "uint8": "smallint",
    "uint16": "int",
    "uint32": "bigint",
    "uint64": "bigint",
    "halffloat": "float",
    "float": "float",
    "double": "double",
    "string": STRING,
    "large_string": STRING,
    "binary": "binary",
    "large_binary": "binary",
    "date32[day]": "date",
    "date64[ms]": "date",
}


def module(name: str, what: str) -> Any:
    """Import a module of pyarrow. Raises CrawlFailed if it is not installed."""
    if lacking := extras.lacking("parquet"):
        raise CrawlFailed(f"{what} needs {lacking}: run `pip install 'glue-local[parquet]'`")
    return import_module(name)


def columns(schema: Any) -> Columns:
    """Return the columns of an Arrow schema."""
    return {field.name: _type(field.type) for field in schema}


def _type(arrow: Any) -> Type:
    types = import_module("pyarrow.types")
    if types.is_decimal(arrow):
        return f"decimal({arrow.precision},{arrow.scale})"
    if types.is_timestamp(arrow):
        return "timestamp"
    if types.is_list(arrow) or types.is_large_list(arrow):
        return ("array", _type(arrow.value_type))
    if types.is_struct(arrow):
        return ("struct", {arrow.field(at).name: _type(arrow.field(at).type) for at in range(arrow.num_fields)})
    if types.is_map(arrow):
        return (f"{MAP}{text(_type(arrow.key_type))}", _type(arrow.item_type))
    if types.is_dictionary(arrow):
        return _type(arrow.value_type)
    return _NAMES.get(str(arrow), "binary" if types.is_fixed_size_binary(arrow) else STRING)
