"""Databases of the Data Catalog in Athena's format."""

from typing import Any

from glue_local.services.athena.lookup import not_in_the_catalog, own_catalog
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 50


def get_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetDatabase: return {Database}. Errors: MetadataException, InvalidRequestException."""
    own_catalog(ctx, request["CatalogName"])
    database = ctx.documents.read(kinds.DATABASE, request["DatabaseName"].lower())
    if database is None:
        raise not_in_the_catalog(ctx, f"Database {request['DatabaseName']} not found.")
    return {"Database": _shown(database)}


def list_databases(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListDatabases: return a page of {DatabaseList, NextToken}, by name."""
    own_catalog(ctx, request["CatalogName"])
    databases = [database for _, database in ctx.documents.scan(kinds.DATABASE)]
    found, token = page(databases, request, _PAGE, listing=("ListDatabases",), key=lambda database: database["Name"])
    return {"DatabaseList": [_shown(database) for database in found], "NextToken": token}


def _shown(database: Document) -> Document:
    return {member: database[member] for member in ("Name", "Description", "Parameters") if member in database}
