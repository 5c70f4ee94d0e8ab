"""SHOW COLUMNS: https://docs.aws.amazon.com/athena/latest/ug/show-columns.html"""

from dataclasses import replace

from glue_local.query.description import results
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, views

OPENING = "SHOW COLUMNS"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW", "COLUMNS")
    if not cursor.accept_any("FROM", "IN"):
        raise cursor.mismatched("FROM")
    name = cursor.table()
    if cursor.accept_any("FROM", "IN"):
        name = replace(name, database=cursor.name())
    cursor.end()
    table = glue_catalog.table(name, session)
    return results.lines("SHOW_COLUMNS", ("field",), (f"{name:<20}" for name in _names(table)))


def _names(table: glue_catalog.Table) -> list[str]:
    if glue_catalog.is_view(table):
        return [name for name, _ in views.columns(table)]
    columns = [*glue_catalog.columns(table), *table.get("PartitionKeys", [])]
    return [str(column["Name"]) for column in columns]
