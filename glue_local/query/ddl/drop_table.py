"""DROP TABLE: https://docs.aws.amazon.com/athena/latest/ug/drop-table.html"""

from glue_local.query.description import results
from glue_local.query.hive import failures
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "DROP TABLE"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("DROP", "TABLE")
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.table()
    cursor.accept("PURGE")
    cursor.end()
    table = glue_catalog.table_or_none(name, session)
    if table is None:
        if if_exists:
            return results.done("DROP_TABLE")
        raise failures.table_not_found(*glue_catalog.place(name, session))
    if glue_catalog.is_view(table):
        raise failures.execution("Cannot drop a view with DROP TABLE")
    drop(table, session)
    return results.done("DROP_TABLE")


def drop(table: glue_catalog.Table, session: Session) -> None:
    """Drop a table; deletes the data of an Iceberg table and keeps the data of an external one."""
    if glue_catalog.is_iceberg(table):
        session.run(f"DROP TABLE {iceberg_tables.spelled(table, session)}")
    else:
        session.glue.delete_table(DatabaseName=table["DatabaseName"], Name=table["Name"])
