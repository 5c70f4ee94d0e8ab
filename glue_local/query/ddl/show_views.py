"""SHOW VIEWS: https://docs.aws.amazon.com/athena/latest/ug/show-views.html"""

from glue_local.query.ddl.show_tables import listing
from glue_local.query.description import results
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "SHOW VIEWS"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW", "VIEWS")
    database, chosen = listing(cursor, session)
    names = (str(table["Name"]) for table in glue_catalog.tables(database, session) if glue_catalog.is_view(table))
    return results.lines("SHOW_VIEWS", ("views",), filter(chosen, names))
