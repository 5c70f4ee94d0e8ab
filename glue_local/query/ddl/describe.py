"""DESCRIBE of tables and views: https://docs.aws.amazon.com/athena/latest/ug/describe-table.html"""

from collections.abc import Iterator
from typing import Any

from glue_local.query.description import layout, results, table_details
from glue_local.query.description.describe_column import describe_column
from glue_local.query.description.layout import Line
from glue_local.query.hive import alter, partitions, storage, types
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_metadata
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, views

OPENING = "DESCRIBE|DESC"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.accept_any("DESCRIBE", "DESC")
    detail = cursor.accept_any("EXTENDED", "FORMATTED")
    table = glue_catalog.table(cursor.table(), session)
    partition = alter.partition(table, partitions.parse(cursor), session) if cursor.reads("PARTITION") else None
    path = _column_path(cursor)
    cursor.end()
    if path:
        lines: Iterator[Line] = describe_column(table, path, header=detail == "FORMATTED")
    elif glue_catalog.is_iceberg(table):
        lines = _iceberg(table, session, detail)
    else:
        lines = _lines(table, partition, detail)
    return results.lines("DESCRIBE_TABLE", layout.COLUMNS, map(layout.text, lines))


def _column_path(cursor: Cursor) -> list[str]:
    """Consume ``column[.field | .'$elem$' | .'$key$' | .'$value$']…``."""
    if cursor.token() is None:
        return []
    path = [cursor.name()]
    while cursor.accept("."):
        path.append(cursor.string() if cursor.is_string() else cursor.name())
    return path


def _lines(table: glue_catalog.Table, partition: dict[str, Any] | None, detail: str) -> Iterator[Line]:
    files = glue_catalog.files(partition or table)
    if detail == "FORMATTED":
        yield layout.header()
        yield layout.BLANK
    yield from layout.fields(_fields(files.get("Columns", []), table))
    keys = list(layout.fields(_fields(table.get("PartitionKeys", []), None)))
    if keys:
        # Hive also lists partition keys as columns, except in the FORMATTED layout.
        yield from keys if detail != "FORMATTED" else []
        yield from (layout.BLANK, layout.heading("Partition Information"), layout.header(), layout.BLANK, *keys)
    if detail == "FORMATTED":
        yield from table_details.formatted(table, partition)
    elif detail == "EXTENDED":
        yield layout.BLANK
        yield table_details.extended(table, partition)


def _fields(columns: list[dict[str, Any]], table: glue_catalog.Table | None) -> Iterator[tuple[str, str, str]]:
    if table is not None and glue_catalog.is_view(table):
        yield from ((name, types.of_trino(kind) or kind, "") for name, kind in views.columns(table))
        return
    yield from ((column["Name"], column["Type"], storage.comment(column, table)) for column in columns)


def _iceberg(table: glue_catalog.Table, session: Session, detail: str) -> Iterator[Line]:
    yield ("# Table schema:", "", "")
    yield ("# col_name", "data_type", "comment")
    for column in glue_catalog.columns(table):
        yield (column["Name"], column["Type"], column.get("Comment", ""))
    yield ("", "", "")
    yield ("# Partition spec:", "", "")
    yield ("# field_name", "field_transform", "column_name")
    metadata = iceberg_metadata.read(table, session)
    yield from ((term.name, term.transform, term.column) for term in iceberg_metadata.terms(metadata))
    if detail:
        yield ("", "", "")
        yield ("# Table properties:", "", "")
        yield ("location", glue_catalog.location(table), "")
        yield from ((name, str(value), "") for name, value in metadata.get("properties", {}).items())
