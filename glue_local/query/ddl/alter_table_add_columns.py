"""ALTER TABLE ADD COLUMNS: https://docs.aws.amazon.com/athena/latest/ug/alter-table-add-columns.html"""

from glue_local.query.description import results
from glue_local.query.hive import alter, failures
from glue_local.query.hive.columns import parse_columns
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "ALTER TABLE <table> [<partition>] ADD COLUMNS"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    target = alter.target(cursor, session)
    cursor.expect("ADD", "COLUMNS")
    added = parse_columns(cursor)
    cursor.end()
    if glue_catalog.is_iceberg(target.table):
        for column in added:
            session.run(
                f"ALTER TABLE {iceberg_tables.spelled(target.table, session)} ADD COLUMN {iceberg_tables.column(column)}"
            )
        return results.done("ALTER_TABLE_ADD_COLUMNS")
    present = {*glue_catalog.keys(target.table), *(column["Name"] for column in target.columns)}
    for column in added:
        if column["Name"] in present:
            raise failures.execution(f"Duplicate column name: {column['Name']}")
    alter.change_columns(target, [*target.columns, *added], session)
    return results.done("ALTER_TABLE_ADD_COLUMNS")
