"""ALTER TABLE SET LOCATION: https://docs.aws.amazon.com/athena/latest/ug/alter-table-set-location.html"""

from glue_local.query.description import results
from glue_local.query.hive import alter
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import s3_objects

OPENING = "ALTER TABLE <table> [<partition>] SET LOCATION"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    target = alter.target(cursor, session)
    alter.refuse_iceberg(target.table, "SET LOCATION")
    cursor.expect("SET", "LOCATION")
    location = cursor.string()
    cursor.end()
    s3_objects.split(location)
    alter.change_storage(target, session, Location=location)
    return results.done("ALTER_TABLE_SET_LOCATION")
