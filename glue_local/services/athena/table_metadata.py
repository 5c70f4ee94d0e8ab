"""Tables of the Data Catalog in Athena's format."""

import re
from typing import Any

from glue_local.core.faults import Invalid
from glue_local.services.athena.lookup import not_in_the_catalog, own_catalog
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 50


def get_table_metadata(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTableMetadata: return {TableMetadata}. Errors: MetadataException, InvalidRequestException."""
    own_catalog(ctx, request["CatalogName"])
    database, name = request["DatabaseName"].lower(), request["TableName"].lower()
    table = ctx.documents.read(kinds.TABLE, database, name)
    if table is None:
        raise not_in_the_catalog(ctx, "Entity Not Found")
    return {"TableMetadata": _shown(table)}


def list_table_metadata(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListTableMetadata: return a page of {TableMetadataList, NextToken}, by name; ``Expression`` is a regex for names."""
    own_catalog(ctx, request["CatalogName"])
    database = request["DatabaseName"].lower()
    if ctx.documents.read(kinds.DATABASE, database) is None:
        raise not_in_the_catalog(ctx, f"Database {request['DatabaseName']} not found.")
    wanted = _pattern(request.get("Expression", ".*"))
    tables = [table for _, table in ctx.documents.scan(kinds.TABLE, database) if wanted.fullmatch(table["Name"])]
    listing = ("ListTableMetadata", database, request.get("Expression"))
    found, token = page(tables, request, _PAGE, listing=listing, key=lambda table: table["Name"])
    return {"TableMetadataList": [_shown(table) for table in found], "NextToken": token}


def _pattern(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise Invalid(f"Expression {expression!r} is not a regular expression: {error}") from None


def _shown(table: Document) -> Document:
    storage = table.get("StorageDescriptor", {})
    serde = storage.get("SerdeInfo", {})
    # Athena adds these to the table's parameters, from its storage descriptor.
    described = {
        "location": storage.get("Location"),
        "inputformat": storage.get("InputFormat"),
        "outputformat": storage.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{name}": value for name, value in serde.get("Parameters", {}).items()},
    }
    return {
        "Name": table["Name"],
        "CreateTime": table.get("CreateTime"),
        "LastAccessTime": table.get("LastAccessTime", 0),
        "TableType": table.get("TableType"),
        "Columns": [_column(column) for column in storage.get("Columns", [])],
        "PartitionKeys": [_column(column) for column in table.get("PartitionKeys", [])],
        "Parameters": {**table.get("Parameters", {}), **{name: value for name, value in described.items() if value}},
    }


def _column(column: Document) -> Document:
    return {member: column[member] for member in ("Name", "Type", "Comment") if column.get(member)}
