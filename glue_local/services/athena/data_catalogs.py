"""Data catalogs: AwsDataCatalog and other names for Glue Data Catalogs."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Exists, Invalid, NotEmulated
from glue_local.services.athena.lookup import AWS_DATA_CATALOG, find_data_catalog, tags_in
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 50


def create_data_catalog(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateDataCatalog: supports type GLUE and refuses the others. Errors: InvalidRequestException."""
    name, catalog = request["Name"], _catalog(ctx, request)
    tags = tags_in(request)
    with ctx.documents.transaction():
        taken = name.lower() == AWS_DATA_CATALOG.lower()
        if taken or not ctx.documents.insert(kinds.DATA_CATALOG, name.lower(), doc=catalog):
            raise Exists(f"DataCatalog {name} already exists")
        if tags:
            ctx.documents.write(kinds.TAGS, arns.data_catalog(ctx.region, ctx.account, name), doc=tags)
    return {"DataCatalog": catalog}


def get_data_catalog(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetDataCatalog: return {DataCatalog}. Errors: InvalidRequestException."""
    return {"DataCatalog": find_data_catalog(ctx, request["Name"])}


def list_data_catalogs(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListDataCatalogs: return a page of {DataCatalogsSummary, NextToken}, by name."""
    catalogs = [catalog for _, catalog in ctx.documents.scan(kinds.DATA_CATALOG)]
    ordered = sorted([*catalogs, find_data_catalog(ctx, AWS_DATA_CATALOG)], key=lambda each: str(each["Name"]))
    found, token = page(ordered, request, _PAGE, listing=("ListDataCatalogs",), key=lambda each: each["Name"])
    summaries = [{"CatalogName": each["Name"], "Type": each["Type"], "Status": "CREATE_COMPLETE"} for each in found]
    return {"DataCatalogsSummary": summaries, "NextToken": token}


def update_data_catalog(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateDataCatalog: replace type, parameters and description. Errors: InvalidRequestException."""
    name = request["Name"]
    with ctx.documents.transaction():
        _changeable(ctx, name)
        ctx.documents.write(kinds.DATA_CATALOG, name.lower(), doc=_catalog(ctx, request))
    return {}


def delete_data_catalog(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteDataCatalog: delete the name, not the catalog it refers to. Errors: InvalidRequestException."""
    name = request["Name"]
    catalog = _changeable(ctx, name)
    ctx.documents.remove(kinds.DATA_CATALOG, name.lower())
    ctx.documents.remove(kinds.TAGS, arns.data_catalog(ctx.region, ctx.account, catalog["Name"]))
    return {"DataCatalog": catalog}


def _catalog(ctx: Context, request: dict[str, Any]) -> Document:
    if request["Type"] != "GLUE":
        raise NotEmulated(
            f"glue-local does not emulate data catalogs of type {request['Type']}: use GLUE, or query AwsDataCatalog"
        )
    of = request.get("Parameters", {}).get("catalog-id")
    if not of:
        raise Invalid("The parameter catalog-id is required for a data catalog of the type GLUE")
    if of != ctx.account:
        raise NotEmulated(f"glue-local only has the Data Catalog of the caller's account {ctx.account}, not {of}")
    described = {"Description": request["Description"]} if "Description" in request else {}
    return {"Name": request["Name"], "Type": "GLUE", "Parameters": dict(request["Parameters"]), **described}


def _changeable(ctx: Context, name: str) -> Document:
    if name.lower() == AWS_DATA_CATALOG.lower():
        raise Invalid(f"{AWS_DATA_CATALOG} cannot be changed or deleted")
    return find_data_catalog(ctx, name)
