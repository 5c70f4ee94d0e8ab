"""SHOW TBLPROPERTIES: https://docs.aws.amazon.com/athena/latest/ug/show-tblproperties.html"""

from glue_local.query.description import results
from glue_local.query.hive import properties
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_properties
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "SHOW TBLPROPERTIES"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW", "TBLPROPERTIES")
    table = glue_catalog.table(cursor.table(), session)
    wanted = properties.parse_names(cursor)[0] if cursor.reads("(") else None
    cursor.end()
    if glue_catalog.is_iceberg(table):
        found = iceberg_properties.read(table, session)
    else:
        found = {str(name): str(value) for name, value in table.get("Parameters", {}).items()}
    columns = ("prpt_name", "prpt_value")
    if wanted is None:
        return results.lines("SHOW_TBLPROPERTIES", columns, (f"{name}\t{value}" for name, value in found.items()))
    missing = f"Table {table['DatabaseName']}.{table['Name']} does not have property: {wanted}"
    return results.lines("SHOW_TBLPROPERTIES", columns, [found.get(wanted, missing)])
