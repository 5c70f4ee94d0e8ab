"""Databases, tables and partitions of the Glue catalog, read and written through its client."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.query.catalog_names import trino_catalog
from glue_local.query.failure import QueryFailed
from glue_local.query.hive import failures
from glue_local.query.hive.cursor import Name
from glue_local.query.session import Session

Table = dict[str, Any]

# Members of GetTable's Table that TableInput also has; Glue sets the others.
_INPUT = (
    "Name",
    "Description",
    "Owner",
    "LastAccessTime",
    "Retention",
    "StorageDescriptor",
    "PartitionKeys",
    "ViewOriginalText",
    "ViewExpandedText",
    "TableType",
    "Parameters",
)


def place(name: Name, session: Session) -> tuple[str, str]:
    """Return the database and table that a name refers to."""
    check_catalog(name.catalog, session)
    return name.database or session.database.lower(), name.table


def check_catalog(catalog: str | None, session: Session) -> None:
    """Refuse a catalog that is not this account's Glue catalog."""
    if not is_known(catalog, session):
        raise failures.not_implemented(
            f"catalog {catalog}", "only the account's Glue Data Catalog is emulated: use AwsDataCatalog"
        )


def is_known(catalog: str | None, session: Session) -> bool:
    """Return whether a name refers to this account's Glue catalog; None does."""
    return catalog is None or trino_catalog(catalog, session) is not None


def table(name: Name, session: Session) -> Table:
    """Return the table as GetTable returns it."""
    database, wanted = place(name, session)
    found = table_or_none(name, session)
    if found is None:
        raise failures.table_not_found(database, wanted)
    return found


def table_or_none(name: Name, session: Session) -> Table | None:
    database, wanted = place(name, session)
    try:
        found: Table = session.glue.get_table(DatabaseName=database, Name=wanted)["Table"]
    except ClientError as error:
        if code(error) == "EntityNotFoundException":
            return None
        raise refused(error) from None
    return found


def update(changed: Table, session: Session) -> None:
    """Write a table's definition back."""
    given = {member: changed[member] for member in _INPUT if member in changed}
    try:
        session.glue.update_table(DatabaseName=changed["DatabaseName"], TableInput=given)
    except ClientError as error:
        raise refused(error) from None


def check_database(name: str, session: Session) -> Table:
    """Return a database as GetDatabase returns it."""
    try:
        found: Table = session.glue.get_database(Name=name)["Database"]
    except ClientError as error:
        if code(error) == "EntityNotFoundException":
            raise failures.database_not_found(name) from None
        raise refused(error) from None
    return found


def tables(database: str, session: Session) -> Iterator[Table]:
    """Yield all tables and views of a database, by name."""
    check_database(database, session)
    for each in session.glue.get_paginator("get_tables").paginate(DatabaseName=database):
        yield from each["TableList"]


def partitions(of: Table, session: Session) -> Iterator[Table]:
    """Yield all partitions of a table."""
    pages = session.glue.get_paginator("get_partitions")
    for each in pages.paginate(DatabaseName=of["DatabaseName"], TableName=of["Name"], ExcludeColumnSchema=True):
        yield from each["Partitions"]


def is_view(found: Table) -> bool:
    return found.get("TableType") == "VIRTUAL_VIEW"


def is_iceberg(found: Table) -> bool:
    return str(found.get("Parameters", {}).get("table_type", "")).upper() == "ICEBERG"


def columns(found: Table) -> list[Table]:
    """Return a table's columns, without its partition keys."""
    return list(files(found).get("Columns", []))


def location(found: Table) -> str:
    return str(files(found).get("Location", ""))


def files(found: Table) -> Table:
    """Return a table's StorageDescriptor, which is optional in Glue."""
    descriptor: Table = found.get("StorageDescriptor", {})
    return descriptor


def keys(found: Table) -> list[str]:
    """Return the names of a table's partition keys."""
    return [str(key["Name"]) for key in found.get("PartitionKeys", [])]


def code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def refused(error: ClientError) -> QueryFailed:
    """Return Hive's failure for an error of the catalog, with its code and message."""
    return failures.execution(f"{code(error)}(message:{error.response['Error']['Message']})")
