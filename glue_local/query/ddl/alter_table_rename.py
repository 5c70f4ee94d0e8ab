"""ALTER TABLE RENAME TO: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-alter-table-rename.html"""

from glue_local.query.description import results
from glue_local.query.hive import alter, failures
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "ALTER TABLE <table> RENAME TO"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    table = alter.target(cursor, session).table
    cursor.expect("RENAME", "TO")
    database, name = glue_catalog.place(cursor.table(), session)
    cursor.end()
    if not glue_catalog.is_iceberg(table):
        raise failures.unsupported("ALTER TABLE RENAME TO, which is for Iceberg tables only")
    session.run(
        f"ALTER TABLE {iceberg_tables.spelled(table, session)} RENAME TO {iceberg_tables.named(database, name, session)}"
    )
    return results.done("ALTER_TABLE_RENAME")
