"""Databases of the Data Catalog."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Exists, Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.glue.limits import check_tags
from glue_local.store import Document, kinds
from glue_local.wire.paging import page

_PAGE = 100


def create_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateDatabase: names are stored in lower case, as Hive's are. Errors: AlreadyExistsException."""
    given = request["DatabaseInput"]
    name = given["Name"].lower()
    check_tags(request.get("Tags", {}))
    database = {**given, "Name": name, "CreateTime": ctx.now, "CatalogId": ctx.account}
    if not ctx.documents.insert(kinds.DATABASE, name, doc=database):
        raise Exists("Database already exists.")
    if request.get("Tags"):
        ctx.documents.write(kinds.TAGS, arns.database(ctx.region, ctx.account, name), doc=dict(request["Tags"]))
    return {}


def get_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetDatabase: return {Database}. Errors: EntityNotFoundException."""
    return {"Database": _database(ctx, request["Name"])}


def get_databases(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetDatabases: return a page of {DatabaseList, NextToken}, by name."""
    databases = [database for _, database in ctx.documents.scan(kinds.DATABASE)]
    found, token = page(databases, request, _PAGE, listing=("GetDatabases",), key=lambda database: database["Name"])
    return {"DatabaseList": found, "NextToken": token}


def update_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateDatabase: replace the definition. Errors: EntityNotFoundException, InvalidInputException (another name)."""
    with ctx.documents.transaction():
        database = _database(ctx, request["Name"])
        if request["DatabaseInput"]["Name"].lower() != database["Name"]:
            raise Invalid(f"Database rename is not supported: {database['Name']} keeps its name.")
        kept = {member: database[member] for member in ("Name", "CreateTime", "CatalogId")}
        ctx.documents.write(kinds.DATABASE, database["Name"], doc={**request["DatabaseInput"], **kept})
    return {}


def delete_database(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteDatabase: delete it with its tables, their versions and partitions. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        name = _database(ctx, request["Name"])["Name"]
        ctx.documents.remove(kinds.DATABASE, name)
        ctx.documents.remove(kinds.TAGS, arns.database(ctx.region, ctx.account, name))
        for _, table in ctx.documents.scan(kinds.TABLE, name):
            ctx.documents.remove(kinds.TAGS, arns.table(ctx.region, ctx.account, name, table["Name"]))
        for kind in (kinds.TABLE, kinds.TABLE_VERSION, kinds.PARTITION):
            ctx.documents.remove_under(kind, name)
    return {}


def _database(ctx: Context, name: str) -> Document:
    database = ctx.documents.read(kinds.DATABASE, name.lower())
    if database is None:
        raise Missing(f"Database {name.lower()} not found.")
    return database
