"""ALTER TABLE RENAME PARTITION: https://docs.aws.amazon.com/athena/latest/ug/alter-table-rename-partition.html"""

from botocore.exceptions import ClientError

from glue_local.query.description import results
from glue_local.query.hive import alter, partitions
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "ALTER TABLE <table> PARTITION <parentheses> RENAME TO PARTITION"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    target = alter.target(cursor, session)
    assert target.partition is not None
    cursor.expect("RENAME", "TO")
    values = partitions.values(partitions.parse(cursor), target.table)
    cursor.end()
    # The data of an external table does not move: only the name changes.
    given = {
        "Values": values,
        "StorageDescriptor": target.storage,
        "Parameters": target.partition.get("Parameters", {}),
    }
    try:
        session.glue.update_partition(
            DatabaseName=target.table["DatabaseName"],
            TableName=target.table["Name"],
            PartitionValueList=target.partition["Values"],
            PartitionInput=given,
        )
    except ClientError as error:
        raise glue_catalog.refused(error) from None
    return results.done("ALTER_TABLE_RENAME_PARTITION")
