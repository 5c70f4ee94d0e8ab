"""ALTER TABLE ADD PARTITION: https://docs.aws.amazon.com/athena/latest/ug/alter-table-add-partition.html"""

from typing import Any

from glue_local.query.description import results
from glue_local.query.hive import alter, failures, partitions
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, s3_objects

OPENING = "ALTER TABLE <table> ADD [<not exists>] PARTITION"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    table = alter.target(cursor, session).table
    alter.refuse_iceberg(table, "ADD PARTITION")
    cursor.expect("ADD")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    added = [_partition(cursor, table)]
    while cursor.accept(",") or cursor.reads("PARTITION"):
        added.append(_partition(cursor, table))
    cursor.end()
    create(table, added, session, if_not_exists=if_not_exists)
    return results.done("ALTER_TABLE_ADD_PARTITION")


def _partition(cursor: Cursor, table: glue_catalog.Table) -> dict[str, Any]:
    values = partitions.values(partitions.parse(cursor), table)
    location = cursor.string() if cursor.accept("LOCATION") else partitions.location(table, values)
    s3_objects.split(location)
    return partitions.described(table, values, location)


def create(table: glue_catalog.Table, added: list[dict[str, Any]], session: Session, *, if_not_exists: bool) -> None:
    """Create partitions in batches of 100, Glue's limit."""
    for start in range(0, len(added), 100):
        errors = session.glue.batch_create_partition(
            DatabaseName=table["DatabaseName"], TableName=table["Name"], PartitionInputList=added[start : start + 100]
        )["Errors"]
        for error in errors:
            detail = error["ErrorDetail"]
            if not (if_not_exists and detail["ErrorCode"] == "AlreadyExistsException"):
                raise failures.execution(f"{detail['ErrorCode']}(message:{detail['ErrorMessage']})")
