"""SHOW TABLES: https://docs.aws.amazon.com/athena/latest/ug/show-tables.html"""

from glue_local.query.description import results
from glue_local.query.hive import patterns
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "SHOW TABLES"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW", "TABLES")
    database, chosen = listing(cursor, session)
    names = (str(table["Name"]) for table in glue_catalog.tables(database, session))
    return results.lines("SHOW_TABLES", ("tab_name",), filter(chosen, names))


def listing(cursor: Cursor, session: Session) -> tuple[str, patterns.Test]:
    """Consume ``[IN database] [[LIKE] 'pattern']`` up to the end."""
    database = session.database.lower()
    if cursor.accept_any("IN", "FROM"):
        name = cursor.table()
        glue_catalog.check_catalog(name.database, session)
        database = name.table
    wanted = cursor.accept("LIKE") or cursor.token() is not None
    chosen = patterns.matcher(cursor.string() if wanted else None)
    cursor.end()
    return database, chosen
