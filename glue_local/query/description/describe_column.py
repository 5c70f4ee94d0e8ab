"""DESCRIBE of a column or a nested part of it."""

from collections.abc import Iterator

from sqlglot import exp

from glue_local.query.description import layout
from glue_local.query.description.layout import Line
from glue_local.query.hive import failures, storage, types
from glue_local.query.stored import glue_catalog


def describe_column(table: glue_catalog.Table, path: list[str], *, header: bool) -> Iterator[Line]:
    """Yield the lines for a column or ``column.field.$elem$``: a struct's fields, or the type."""
    if header:
        yield from (layout.header(), layout.BLANK)
    columns = [*glue_catalog.columns(table), *table.get("PartitionKeys", [])]
    found = next((column for column in columns if column["Name"] == path[0]), None)
    if found is None:
        raise failures.semantic(f"Invalid column reference {path[0]}", 10002)
    if len(path) == 1:
        yield layout.padded(found["Name"], found["Type"], storage.comment(found, table))
        return
    node = types.parse(found["Type"])
    for step in path[1:]:
        node = _within(node, step, path)
    if node.this is exp.DType.STRUCT:
        inner = [(field.name, types.hive(field.args["kind"])) for field in node.expressions]
    else:
        inner = [(path[-1], types.hive(node))]
    yield from (layout.padded(name, kind, "from deserializer") for name, kind in inner)


def _within(node: exp.DataType, step: str, path: list[str]) -> exp.DataType:
    inner = node.expressions
    kinds: dict[str, exp.DataType] = {}
    if node.this is exp.DType.STRUCT:
        kinds = {field.name.lower(): field.args["kind"] for field in inner}
    elif node.this is exp.DType.ARRAY:
        kinds = {"$elem$": inner[0]}
    elif node.this is exp.DType.MAP:
        kinds = {"$key$": inner[0], "$value$": inner[1]}
    if step.lower() not in kinds:
        raise failures.semantic(f"Invalid column reference {'.'.join(path)}", 10002)
    return kinds[step.lower()]
