"""Shared by the forms of ALTER TABLE: ``ALTER TABLE name [PARTITION (…)]`` and the target's columns."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from glue_local.query.hive import failures, partitions
from glue_local.query.hive.columns import Column
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.stored import glue_catalog


@dataclass(frozen=True)
class Target:
    """The table, and the partition if the statement names one."""

    table: glue_catalog.Table
    partition: dict[str, Any] | None = None

    @property
    def storage(self) -> dict[str, Any]:
        return glue_catalog.files(self.partition or self.table)

    @property
    def columns(self) -> list[Column]:
        return list(self.storage.get("Columns", []))


def target(cursor: Cursor, session: Session) -> Target:
    """Consume ``ALTER TABLE name [PARTITION (…)]``."""
    cursor.expect("ALTER", "TABLE")
    table = glue_catalog.table(cursor.table(), session)
    if glue_catalog.is_view(table):
        raise failures.semantic("Cannot alter a view with ALTER TABLE", 10131)
    if not cursor.reads("PARTITION"):
        return Target(table)
    refuse_iceberg(table, "PARTITION")
    spec = partitions.parse(cursor)
    return Target(table, partition(table, spec, session))


def partition(table: glue_catalog.Table, spec: partitions.Spec, session: Session) -> dict[str, Any]:
    """Return one partition as GetPartition returns it."""
    values = partitions.values(spec, table)
    # The folder month=03 of an int key is the partition 03, which Hive's statements call 3.
    for candidate in (values, [spec[key] for key in glue_catalog.keys(table)]):
        found = _partition_or_none(table, candidate, session)
        if found is not None:
            return found
    raise failures.semantic(f"Partition not found {partitions.spelled(spec)}", 10006)


def _partition_or_none(table: glue_catalog.Table, values: list[str], session: Session) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = session.glue.get_partition(
            DatabaseName=table["DatabaseName"], TableName=table["Name"], PartitionValues=values
        )["Partition"]
    except ClientError as error:
        if glue_catalog.code(error) == "EntityNotFoundException":
            return None
        raise
    return found


def change_storage(changed: Target, session: Session, **members: Any) -> None:
    """Replace members of a table's or partition's StorageDescriptor."""
    storage = {**changed.storage, **members}
    if changed.partition is None:
        glue_catalog.update({**changed.table, "StorageDescriptor": storage}, session)
        return
    session.glue.update_partition(
        DatabaseName=changed.table["DatabaseName"],
        TableName=changed.table["Name"],
        PartitionValueList=changed.partition["Values"],
        PartitionInput={
            "Values": changed.partition["Values"],
            "StorageDescriptor": storage,
            "Parameters": changed.partition.get("Parameters", {}),
        },
    )


def change_columns(changed: Target, columns: list[Column], session: Session) -> None:
    change_storage(changed, session, Columns=columns)


def refuse_iceberg(table: glue_catalog.Table, form: str) -> None:
    """Refuse a form of ALTER TABLE that Athena does not have for Iceberg tables."""
    if glue_catalog.is_iceberg(table):
        raise failures.semantic(
            f"ALTER TABLE {form} is not supported for Iceberg table {table['DatabaseName']}.{table['Name']}"
        )
