"""Databases of the Data Catalog."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Exists, Invalid
from glue_local.services.context import Context
from glue_local.services.glue.catalog.lookup import find_database, remove_database
from glue_local.services.paging import page
from glue_local.services.tagged_resources import check_tag_names
from glue_local.store import kinds

_PAGE = 100


def create_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateDatabase: store the name in lower case, as Hive does. Errors: AlreadyExistsException."""
    given = request["DatabaseInput"]
    name = given["Name"].lower()
    check_tag_names(request.get("Tags", {}))
    database = {**given, "Name": name, "CreateTime": ctx.now, "CatalogId": ctx.account}
    if not ctx.documents.insert(kinds.DATABASE, name, doc=database):
        raise Exists("Database already exists.")
    if request.get("Tags"):
        ctx.documents.write(kinds.TAGS, arns.database(ctx.region, ctx.account, name), doc=dict(request["Tags"]))
    return {}


def get_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetDatabase: return {Database}. Errors: EntityNotFoundException."""
    return {"Database": find_database(ctx, request["Name"])}


def get_databases(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetDatabases: return a page of {DatabaseList, NextToken}, by name."""
    databases = [database for _, database in ctx.documents.scan(kinds.DATABASE)]
    found, token = page(databases, request, _PAGE, listing=("GetDatabases",), key=lambda database: database["Name"])
    return {"DatabaseList": found, "NextToken": token}


def update_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateDatabase: replace the definition. Errors: EntityNotFoundException, InvalidInputException (a rename)."""
    with ctx.documents.transaction():
        database = find_database(ctx, request["Name"])
        if request["DatabaseInput"]["Name"].lower() != database["Name"]:
            raise Invalid(f"Database rename is not supported: Name must be {database['Name']}.")
        kept = {member: database[member] for member in ("Name", "CreateTime", "CatalogId")}
        ctx.documents.write(kinds.DATABASE, database["Name"], doc={**request["DatabaseInput"], **kept})
    return {}


def delete_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteDatabase: delete it with its tables, their versions and partitions. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        remove_database(ctx, request["Name"])
    return {}
