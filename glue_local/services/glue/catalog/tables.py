"""Tables of the Data Catalog."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from glue_local.core import arns
from glue_local.core.faults import ConcurrentChange, Exists, Invalid, Missing
from glue_local.services.context import Context
from glue_local.store import Document, kinds
from glue_local.wire.paging import page

_PAGE = 100
_HIVE_PATTERN = re.compile(r"[\w *|-]+")


def create_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateTable: errors EntityNotFoundException (no such database), AlreadyExistsException, InvalidInputException."""
    database, given = request["DatabaseName"].lower(), _input(request)
    name = given["Name"].lower()
    table = _stored(ctx, database, given, version="0") | {"CreateTime": ctx.now}
    with ctx.documents.transaction():
        if ctx.documents.read(kinds.DATABASE, database) is None:
            raise Missing(f"Database {database} not found.")
        if not ctx.documents.insert(kinds.TABLE, database, name, doc=table):
            raise Exists("Table already exists.")
    return {}


def get_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTable: return {Table}. Errors: EntityNotFoundException."""
    return {"Table": _table(ctx, request["DatabaseName"], request["Name"])}


def get_tables(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTables: return a page of {TableList, NextToken}; ``Expression`` is a pattern of whole names, whatever their case.

    One of nothing but characters of names, ``*`` (any characters) and ``|`` (or) is read as Hive reads it; any other is
    a regular expression, as AWS's page calls it. AWS's own client, aws-sdk-pandas, sends ``prefix*`` and ``*contains*``.
    """
    database = request["DatabaseName"].lower()
    if ctx.documents.read(kinds.DATABASE, database) is None:
        raise Missing(f"Database {database} not found.")
    wanted = _pattern(request.get("Expression") or "*")
    tables = [table for _, table in ctx.documents.scan(kinds.TABLE, database) if wanted(table["Name"])]
    listing = ("GetTables", database, request.get("Expression"))
    found, token = page(tables, request, _PAGE, listing=listing, key=lambda table: table["Name"])
    return {"TableList": found, "NextToken": token}


def update_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateTable: replace the definition as a new version. Errors: EntityNotFoundException, InvalidInputException,
    ConcurrentModificationException when ``VersionId`` is not the current one."""
    given = _input(request)
    with ctx.documents.transaction():
        old = _table(ctx, request["DatabaseName"], request.get("Name") or given["Name"])
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
    _delete(ctx, request["DatabaseName"], request["Name"])
    return {}


def batch_delete_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchDeleteTable: delete up to 100; returns {Errors} of those that could not be."""
    database, errors = request["DatabaseName"].lower(), []
    if ctx.documents.read(kinds.DATABASE, database) is None:
        raise Missing(f"Database {database} not found.")
    for name in request["TablesToDelete"]:
        try:
            _delete(ctx, database, name)
        except Missing as fault:
            detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": fault.message}
            errors.append({"TableName": name, "ErrorDetail": detail})
    return {"Errors": errors}


def _delete(ctx: Context, database: str, name: str) -> None:
    with ctx.documents.transaction():
        table = _table(ctx, database, name)
        key = (table["DatabaseName"], table["Name"])
        ctx.documents.remove(kinds.TABLE, *key)
        ctx.documents.remove_under(kinds.TABLE_VERSION, *key)
        ctx.documents.remove_under(kinds.PARTITION, *key)
        ctx.documents.remove(kinds.TAGS, arns.table(ctx.region, ctx.account, *key))


def _input(request: dict[str, Any]) -> dict[str, Any]:
    # The model leaves it optional: a request for an Iceberg table has another member in its place.
    if "TableInput" not in request:
        raise Invalid("TableInput should not be null.")
    given: dict[str, Any] = request["TableInput"]
    return given


def _pattern(expression: str) -> Callable[[str], bool]:
    if _HIVE_PATTERN.fullmatch(expression):
        alternatives = expression.lower().split("|")
        return lambda name: any(fnmatchcase(name, alternative) for alternative in alternatives)
    try:
        regular = re.compile(expression, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise Invalid(f"Expression {expression} is not a regular expression: {error}") from None
    return lambda name: regular.fullmatch(name) is not None


def _table(ctx: Context, database: str, name: str) -> Document:
    table = ctx.documents.read(kinds.TABLE, database.lower(), name.lower())
    if table is None:
        if ctx.documents.read(kinds.DATABASE, database.lower()) is None:
            raise Missing(f"Database {database.lower()} not found.")
        raise Missing(f"Table {name.lower()} not found.")
    return table


def _stored(ctx: Context, database: str, given: dict[str, Any], version: str) -> Document:
    return {
        **given,
        "Name": given["Name"].lower(),
        "DatabaseName": database,
        "UpdateTime": ctx.now,
        "CatalogId": ctx.account,
        "VersionId": version,
        "IsRegisteredWithLakeFormation": False,
        "Retention": given.get("Retention", 0),
    }
