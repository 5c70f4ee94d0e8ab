"""DROP VIEW: https://docs.aws.amazon.com/athena/latest/ug/drop-view.html"""

from glue_local.query.description import results
from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "DROP VIEW"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("DROP", "VIEW")
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.table(double_quotes=True)
    cursor.end()
    database, view = glue_catalog.place(name, session)
    found = glue_catalog.table_or_none(name, session)
    if found is not None and glue_catalog.is_view(found):
        session.glue.delete_table(DatabaseName=database, Name=view)
    elif found is not None:
        raise QueryFailed(
            f"line 1:1: View '{session.catalog}.{database}.{view}' does not exist, but a table with that name exists. Did you mean DROP TABLE {database}.{view}?"
        )
    elif not if_exists:
        raise QueryFailed(f"line 1:1: View '{session.catalog}.{database}.{view}' does not exist")
    return results.done("DROP_VIEW")
