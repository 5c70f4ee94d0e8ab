"""ALTER TABLE SET TBLPROPERTIES: https://docs.aws.amazon.com/athena/latest/ug/alter-table-set-tblproperties.html"""

from glue_local.query.description import results
from glue_local.query.hive import alter, properties
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_properties
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "ALTER TABLE <table> SET TBLPROPERTIES"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    table = alter.target(cursor, session).table
    cursor.expect("SET", "TBLPROPERTIES")
    given = properties.parse(cursor)
    cursor.end()
    if glue_catalog.is_iceberg(table):
        iceberg_properties.change(table, given, session)
        return results.done("ALTER_TABLE_SET_TBLPROPERTIES")
    changed = {**table, "Parameters": {**table.get("Parameters", {}), **given}}
    if "comment" in given:
        changed["Description"] = given["comment"]
    glue_catalog.update(changed, session)
    return results.done("ALTER_TABLE_SET_TBLPROPERTIES")
