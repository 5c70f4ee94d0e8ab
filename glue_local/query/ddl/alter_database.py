"""ALTER DATABASE SET DBPROPERTIES: https://docs.aws.amazon.com/athena/latest/ug/alter-database-set-dbproperties.html"""

from glue_local.query.description import results
from glue_local.query.hive import properties
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "ALTER DATABASE|SCHEMA"

_INPUT = ("Name", "Description", "LocationUri", "Parameters")


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("ALTER")
    cursor.accept_any("DATABASE", "SCHEMA")
    name = cursor.table()
    glue_catalog.check_catalog(name.database, session)
    cursor.expect("SET", "DBPROPERTIES")
    given = properties.parse(cursor)
    cursor.end()
    database = glue_catalog.check_database(name.table, session)
    changed = {member: database[member] for member in _INPUT if member in database}
    changed["Parameters"] = {**changed.get("Parameters", {}), **given}
    session.glue.update_database(Name=name.table, DatabaseInput=changed)
    return results.done("ALTER_DATABASE")
