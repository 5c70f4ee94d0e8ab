"""ALTER TABLE DROP COLUMN: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-alter-table-drop-column.html"""

from glue_local.query.description import results
from glue_local.query.hive import alter, failures
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog
from glue_local.query.trino_text import quoted

OPENING = "ALTER TABLE <table> DROP COLUMN"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    target = alter.target(cursor, session)
    cursor.expect("DROP", "COLUMN")
    column = cursor.name()
    cursor.end()
    if not glue_catalog.is_iceberg(target.table):
        raise failures.semantic("DROP COLUMN is for Iceberg tables only: use ALTER TABLE REPLACE COLUMNS")
    session.run(f"ALTER TABLE {iceberg_tables.spelled(target.table, session)} DROP COLUMN {quoted(column)}")
    return results.done("ALTER_TABLE_DROP_COLUMN")
