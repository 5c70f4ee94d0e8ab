"""ALTER TABLE UNSET TBLPROPERTIES: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-alter-table-unset-properties.html"""

from glue_local.query.description import results
from glue_local.query.hive import alter, failures, properties
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_properties
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "ALTER TABLE <table> UNSET TBLPROPERTIES"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    table = alter.target(cursor, session).table
    cursor.expect("UNSET", "TBLPROPERTIES")
    names = properties.parse_names(cursor)
    cursor.end()
    if not glue_catalog.is_iceberg(table):
        raise failures.unsupported("ALTER TABLE UNSET TBLPROPERTIES, which is for Iceberg tables only")
    iceberg_properties.change(table, dict.fromkeys(names), session)
    return results.done("ALTER_TABLE_UNSET_TBLPROPERTIES")
