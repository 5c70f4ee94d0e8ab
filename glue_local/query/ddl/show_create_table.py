"""SHOW CREATE TABLE: https://docs.aws.amazon.com/athena/latest/ug/show-create-table.html"""

from collections.abc import Iterator
from typing import Any

from glue_local.query.description import results
from glue_local.query.hive import failures, storage
from glue_local.query.hive.columns import Column
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_properties
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "SHOW CREATE TABLE"

# Tables that were not created by a statement may lack these.
_EMPTY: dict[str, Any] = {"Columns": [], "SerdeInfo": {}, "InputFormat": "", "OutputFormat": "", "Location": ""}

# Already part of CREATE EXTERNAL TABLE … COMMENT.
_SAID = ("EXTERNAL", "comment")


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW", "CREATE", "TABLE")
    name = cursor.table()
    cursor.end()
    table = glue_catalog.table(name, session)
    if glue_catalog.is_view(table):
        raise failures.semantic(f"{table['DatabaseName']}.{table['Name']} is a view: use SHOW CREATE VIEW")
    shown = f"{name.database}.{name.table}" if name.database else name.table
    if glue_catalog.is_iceberg(table):
        lines = _iceberg(shown, table, session)
    else:
        lines = _external(shown, table)
    return results.lines("SHOW_CREATE_TABLE", ("createtab_stmt",), lines)


def _external(shown: str, table: glue_catalog.Table) -> Iterator[str]:
    files = {**_EMPTY, **glue_catalog.files(table)}
    yield f"CREATE EXTERNAL TABLE `{shown}`("
    yield from _listed([_column(column, table) for column in files["Columns"]], ")")
    yield from _comment(table)
    if table.get("PartitionKeys"):
        yield "PARTITIONED BY ( "
        yield from _listed([_column(column) for column in table["PartitionKeys"]], ")")
    yield from _buckets(table)
    serde = files["SerdeInfo"]
    yield "ROW FORMAT SERDE "
    given = {
        name: value
        for name, value in serde.get("Parameters", {}).items()
        if (name, value) != ("serialization.format", "1")
    }
    yield f"  {_text(serde.get('SerializationLibrary', ''))} "
    if given:
        yield "WITH SERDEPROPERTIES ( "
        yield from _listed(_pairs(given), ") ")
    yield "STORED AS INPUTFORMAT "
    yield f"  {_text(files['InputFormat'])} "
    yield "OUTPUTFORMAT "
    yield f"  {_text(files['OutputFormat'])}"
    yield "LOCATION"
    yield f"  {_text(files['Location'])}"
    yield from _properties({name: value for name, value in table.get("Parameters", {}).items() if name not in _SAID})


def _iceberg(shown: str, table: glue_catalog.Table, session: Session) -> Iterator[str]:
    yield f"CREATE TABLE {shown} ("
    yield from _listed([_column(column).replace("`", "") for column in glue_catalog.columns(table)], ")")
    terms = iceberg_properties.partitioning(table, session)
    if terms:
        yield f"PARTITIONED BY ({', '.join(f'`{term}`' if term.isidentifier() else term for term in terms)}) "
    yield f"LOCATION {_text(glue_catalog.location(table))}"
    yield from _properties({"table_type": "iceberg", **iceberg_properties.read(table, session)})


def _buckets(table: glue_catalog.Table) -> Iterator[str]:
    files = glue_catalog.files(table)
    if files.get("BucketColumns"):
        yield "CLUSTERED BY ( "
        yield from _listed([str(name) for name in files["BucketColumns"]], ") ")
        if files.get("SortColumns"):
            yield "SORTED BY ( "
            order = [f"{each['Column']} {'ASC' if each['SortOrder'] else 'DESC'}" for each in files["SortColumns"]]
            yield from _listed(order, ") ")
        yield f"INTO {files['NumberOfBuckets']} BUCKETS"


def _comment(table: glue_catalog.Table) -> Iterator[str]:
    comment = table.get("Parameters", {}).get("comment")
    if comment:
        yield f"COMMENT {_text(comment)}"


def _column(column: Column, table: glue_catalog.Table | None = None) -> str:
    comment = storage.comment(column, table)
    return f"`{column['Name']}` {column['Type']}" + (f" COMMENT {_text(comment)}" if comment else "")


def _properties(given: dict[str, str]) -> Iterator[str]:
    if given:
        yield "TBLPROPERTIES ("
        yield from _listed(_pairs(given), ")")


def _pairs(given: dict[str, str]) -> list[str]:
    return [f"{_text(name)}={_text(str(value))}" for name, value in given.items()]


def _listed(entries: list[str], closing: str) -> Iterator[str]:
    yield from (f"  {entry}, " for entry in entries[:-1])
    yield from (f"  {entry}{closing}" for entry in entries[-1:])


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t")
    return f"'{escaped}'"
