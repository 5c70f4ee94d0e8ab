"""SHOW PARTITIONS: https://docs.aws.amazon.com/athena/latest/ug/show-partitions.html"""

from glue_local.query.description import results
from glue_local.query.hive import failures, partitions
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "SHOW PARTITIONS"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("SHOW", "PARTITIONS")
    table = glue_catalog.table(cursor.table(), session)
    cursor.end()
    keys = glue_catalog.keys(table)
    if not keys:
        raise failures.execution(f"Table {table['Name']} is not a partitioned table")
    names = (partitions.folder(keys, found["Values"]) for found in glue_catalog.partitions(table, session))
    return results.lines("SHOW_PARTITIONS", ("partition",), names)
