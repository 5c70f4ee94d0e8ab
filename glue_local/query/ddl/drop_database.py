"""DROP DATABASE: https://docs.aws.amazon.com/athena/latest/ug/drop-database.html"""

from glue_local.query.ddl.drop_table import drop
from glue_local.query.description import results
from glue_local.query.failure import QueryFailed
from glue_local.query.hive import failures
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "DROP DATABASE|SCHEMA"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("DROP")
    cursor.accept_any("DATABASE", "SCHEMA")
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.table()
    glue_catalog.check_catalog(name.database, session)
    cascade = cursor.accept_any("CASCADE", "RESTRICT") == "CASCADE"
    cursor.end()
    try:
        tables = list(glue_catalog.tables(name.table, session))
    except QueryFailed:
        if if_exists:
            return results.done("DROP_DATABASE")
        raise
    if tables and not cascade:
        problem = f"Database {name.table} is not empty. One or more tables exist."
        raise failures.execution(f"InvalidOperationException(message:{problem})")
    for table in tables:
        drop(table, session)
    session.glue.delete_database(Name=name.table)
    return results.done("DROP_DATABASE")
