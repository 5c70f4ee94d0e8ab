"""Tables of the Data Catalog."""

from typing import Any

from glue_local.core.faults import ConcurrentChange, Exists, Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.glue.catalog.column_names import with_lower_case_columns
from glue_local.services.glue.catalog.lookup import add_index, find_database, find_table, remove_table
from glue_local.services.glue.catalog.patterns import matcher
from glue_local.services.glue.fault_codes import error_detail
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 100
_CURRENT = "iceberg.field.current"


def create_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateTable. Errors: EntityNotFoundException (no such database), AlreadyExistsException, InvalidInputException."""
    database, given = request["DatabaseName"].lower(), _input(request)
    name = given["Name"].lower()
    table = _stored(ctx, database, given, version="0") | {"CreateTime": ctx.now}
    with ctx.documents.transaction():
        find_database(ctx, database)
        if not ctx.documents.insert(kinds.TABLE, database, name, doc=table):
            raise Exists("Table already exists.")
        for index in request.get("PartitionIndexes", []):
            add_index(ctx, table, index)
    return {}


def get_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTable: return {Table}. Errors: EntityNotFoundException."""
    return {"Table": find_table(ctx, request["DatabaseName"], request["Name"])}


def get_tables(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTables: return a page of {TableList, NextToken}; ``Expression`` is a case-insensitive pattern for whole names.

    AWS's own client, aws-sdk-pandas, sends ``prefix*`` and ``*contains*``.
    """
    database = request["DatabaseName"].lower()
    find_database(ctx, database)
    wanted = matcher(request.get("Expression") or "*")
    tables = [table for _, table in ctx.documents.scan(kinds.TABLE, database) if wanted(table["Name"])]
    listing = ("GetTables", database, request.get("Expression"))
    found, token = page(tables, request, _PAGE, listing=listing, key=lambda table: table["Name"])
    return {"TableList": found, "NextToken": token}


def update_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateTable: replace the definition as a new version. Errors: EntityNotFoundException, InvalidInputException,
    ConcurrentModificationException if ``VersionId`` is not the current one."""
    given = _input(request)
    with ctx.documents.transaction():
        old = find_table(ctx, request["DatabaseName"], request.get("Name") or given["Name"])
        if given["Name"].lower() != old["Name"]:
            raise Invalid(f"Table rename is not supported: {old['Name']} cannot become {given['Name']}.")
        if request.get("VersionId", old["VersionId"]) != old["VersionId"]:
            raise ConcurrentChange(f"Update table failed due to concurrent modifications: version {old['VersionId']}")
        new = _stored(ctx, old["DatabaseName"], given, version=str(int(old["VersionId"]) + 1))
        new["CreateTime"] = old["CreateTime"]
        if not request.get("SkipArchive"):
            number = old["VersionId"].zfill(10)
            ctx.documents.write(kinds.TABLE_VERSION, old["DatabaseName"], old["Name"], number, doc=old)
        ctx.documents.write(kinds.TABLE, old["DatabaseName"], old["Name"], doc=new)
    return {}


def delete_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteTable: delete it with its versions and partitions. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        remove_table(ctx, request["DatabaseName"], request["Name"])
    return {}


def batch_delete_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchDeleteTable: delete up to 100; returns {Errors} for the failed ones."""
    database, errors = request["DatabaseName"].lower(), []
    find_database(ctx, database)
    for name in request["TablesToDelete"]:
        try:
            with ctx.documents.transaction():
                remove_table(ctx, database, name)
        except Missing as fault:
            errors.append({"TableName": name, "ErrorDetail": error_detail(fault)})
    return {"Errors": errors}


def _input(request: dict[str, Any]) -> dict[str, Any]:
    # Optional in the model: a request for an Iceberg table has another member instead.
    if "TableInput" not in request:
        raise Invalid("TableInput should not be null.")
    given: dict[str, Any] = request["TableInput"]
    return given


def _stored(ctx: Context, database: str, given: dict[str, Any], version: str) -> Document:
    return {
        **with_lower_case_columns(_with_current_columns(given)),
        "Name": given["Name"].lower(),
        "DatabaseName": database,
        "UpdateTime": ctx.now,
        "CatalogId": ctx.account,
        "VersionId": version,
        "IsRegisteredWithLakeFormation": False,
        "Retention": given.get("Retention", 0),
    }


def _with_current_columns(given: dict[str, Any]) -> dict[str, Any]:
    """Mark the columns of an Iceberg table as current, as Athena does: aws-sdk-pandas sees no others.

    Spark's and pyiceberg's catalogs mark them themselves; Trino, with which queries create tables here, does not.
    """
    descriptor = given.get("StorageDescriptor", {})
    columns = descriptor.get("Columns", [])
    is_iceberg = given.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"
    if not is_iceberg or any(_CURRENT in column.get("Parameters", {}) for column in columns):
        return given
    marked = [{**column, "Parameters": {**column.get("Parameters", {}), _CURRENT: "true"}} for column in columns]
    return {**given, "StorageDescriptor": {**descriptor, "Columns": marked}}
