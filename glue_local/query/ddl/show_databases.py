"""SHOW DATABASES: https://docs.aws.amazon.com/athena/latest/ug/show-databases.html"""

from glue_local.query.description import results
from glue_local.query.hive import patterns
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome

OPENING = "SHOW DATABASES|SCHEMAS"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW")
    cursor.accept_any("DATABASES", "SCHEMAS")
    chosen = patterns.matcher(cursor.string() if cursor.accept("LIKE") else None)
    cursor.end()
    pages = session.glue.get_paginator("get_databases").paginate()
    names = [str(found["Name"]) for each in pages for found in each["DatabaseList"]]
    return results.lines("SHOW_DATABASES", ("database_name",), filter(chosen, names))
