"""SHOW CREATE VIEW: https://docs.aws.amazon.com/athena/latest/ug/show-create-view.html"""

from glue_local.query.description import results
from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, views

OPENING = "SHOW CREATE VIEW"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW", "CREATE", "VIEW")
    name = cursor.table(double_quotes=True)
    cursor.end()
    database, view = glue_catalog.place(name, session)
    table = glue_catalog.table_or_none(name, session)
    if table is None or not glue_catalog.is_view(table):
        problem = "does not exist" if table is None else "is a table, not a view"
        raise QueryFailed(f"line 1:1: Relation '{session.catalog}.{database}.{view}' {problem}")
    text = f"CREATE VIEW {database}.{view} AS\n{views.query(table)}"
    return results.lines("SHOW_CREATE_VIEW", ("Create View",), text.split("\n"))
