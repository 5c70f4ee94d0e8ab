"""Definitions of Hive's user-defined functions."""

from typing import Any

from glue_local.core.faults import Exists, Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.glue.catalog.lookup import find_database
from glue_local.services.glue.catalog.patterns import matcher
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 100


def create_user_defined_function(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateUserDefinedFunction: names are stored in lower case. Errors: EntityNotFoundException (the database),
    AlreadyExistsException, InvalidInputException (no name)."""
    with ctx.documents.transaction():
        database = find_database(ctx, request["DatabaseName"])["Name"]
        function = _stored(ctx, database, request["FunctionInput"]) | {"CreateTime": ctx.now}
        if not ctx.documents.insert(kinds.USER_DEFINED_FUNCTION, database, function["FunctionName"], doc=function):
            raise Exists("Function already exists.")
    return {}


def get_user_defined_function(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetUserDefinedFunction: return {UserDefinedFunction}. Errors: EntityNotFoundException."""
    return {"UserDefinedFunction": _function(ctx, request)}


def get_user_defined_functions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetUserDefinedFunctions: return a page of {UserDefinedFunctions, NextToken}; ``DatabaseName`` is optional.

    Errors: EntityNotFoundException (the database), InvalidInputException (the pattern).
    """
    under = [find_database(ctx, request["DatabaseName"])["Name"]] if "DatabaseName" in request else []
    wanted, kind = matcher(request["Pattern"]), request.get("FunctionType")
    functions = [
        function
        for (_, name), function in ctx.documents.scan(kinds.USER_DEFINED_FUNCTION, *under)
        if wanted(name) and kind in (None, function.get("FunctionType"))
    ]
    listing = ("GetUserDefinedFunctions", *under, request["Pattern"], kind)
    found, token = page(
        functions, request, _PAGE, listing=listing, key=lambda one: (one["DatabaseName"], one["FunctionName"])
    )
    return {"UserDefinedFunctions": found, "NextToken": token}


def update_user_defined_function(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateUserDefinedFunction: replace the definition; may rename the function. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        old = _function(ctx, request)
        given = {"FunctionName": old["FunctionName"], **request["FunctionInput"]}
        new = _stored(ctx, old["DatabaseName"], given) | {"CreateTime": old["CreateTime"]}
        ctx.documents.remove(kinds.USER_DEFINED_FUNCTION, old["DatabaseName"], old["FunctionName"])
        if not ctx.documents.insert(kinds.USER_DEFINED_FUNCTION, old["DatabaseName"], new["FunctionName"], doc=new):
            raise Invalid(f"Function {new['FunctionName']} already exists.")
    return {}


def delete_user_defined_function(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteUserDefinedFunction. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        function = _function(ctx, request)
        ctx.documents.remove(kinds.USER_DEFINED_FUNCTION, function["DatabaseName"], function["FunctionName"])
    return {}


def _function(ctx: Context, request: dict[str, Any]) -> Document:
    database, name = request["DatabaseName"].lower(), request["FunctionName"].lower()
    function = ctx.documents.read(kinds.USER_DEFINED_FUNCTION, database, name)
    if function is None:
        find_database(ctx, database)
        raise Missing(f"Function {name} not found.")
    return function


def _stored(ctx: Context, database: str, given: dict[str, Any]) -> Document:
    # The model leaves the name optional, since an update may leave it out.
    if not given.get("FunctionName"):
        raise Invalid("FunctionName should not be null.")
    name = given["FunctionName"].lower()
    return {**given, "FunctionName": name, "DatabaseName": database, "CatalogId": ctx.account}
