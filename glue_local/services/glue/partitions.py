"""Partitions of the Data Catalog's tables."""

from typing import Any

from glue_local.core.faults import Exists, Fault, Invalid, Missing, NotEmulated
from glue_local.services.context import Context
from glue_local.store import Document, kinds
from glue_local.wire.paging import page

_PAGE = 1000


def create_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePartition: errors EntityNotFoundException, AlreadyExistsException, InvalidInputException."""
    _create(ctx, _table(ctx, request), request["PartitionInput"])
    return {}


def batch_create_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchCreatePartition: create up to 100; returns {Errors} of those that could not be."""
    table = _table(ctx, request)
    with ctx.documents.transaction():
        errors = [
            _error(lambda given=given: _create(ctx, table, given), given.get("Values", []))
            for given in request["PartitionInputList"]
        ]
    return {"Errors": [error for error in errors if error]}


def get_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPartition: return {Partition}. Errors: EntityNotFoundException."""
    return {"Partition": _partition(ctx, _table(ctx, request), request["PartitionValues"])}


def get_partitions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPartitions: return a page of {Partitions, NextToken}."""
    if request.get("Expression"):
        raise NotEmulated("glue-local does not evaluate GetPartitions.Expression yet")
    table = _table(ctx, request)
    partitions = [doc for _, doc in ctx.documents.scan(kinds.PARTITION, table["DatabaseName"], table["Name"])]
    found, token = page(partitions, request, _PAGE)
    return {"Partitions": found, "NextToken": token}


def update_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdatePartition: replace one. Errors: EntityNotFoundException."""
    _update(ctx, _table(ctx, request), request["PartitionValueList"], request["PartitionInput"])
    return {}


def batch_update_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchUpdatePartition: replace up to 100; returns {Errors} of those that could not be."""
    table = _table(ctx, request)
    with ctx.documents.transaction():
        errors = []
        for entry in request["Entries"]:
            values = entry["PartitionValueList"]
            error = _error(lambda e=entry: _update(ctx, table, e["PartitionValueList"], e["PartitionInput"]), values)
            if error:
                errors.append({"PartitionValueList": values, "ErrorDetail": error["ErrorDetail"]})
    return {"Errors": errors}


def delete_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeletePartition: errors EntityNotFoundException."""
    table = _table(ctx, request)
    _partition(ctx, table, request["PartitionValues"])
    ctx.documents.remove(kinds.PARTITION, table["DatabaseName"], table["Name"], *request["PartitionValues"])
    return {}


def _table(ctx: Context, request: dict[str, Any]) -> Document:
    table = ctx.documents.read(kinds.TABLE, request["DatabaseName"].lower(), request["TableName"].lower())
    if table is None:
        raise Missing(f"Table {request['TableName'].lower()} not found.")
    return table


def _partition(ctx: Context, table: Document, values: list[str]) -> Document:
    partition = ctx.documents.read(kinds.PARTITION, table["DatabaseName"], table["Name"], *values)
    if partition is None:
        raise Missing("Cannot find partition.")
    return partition


def _create(ctx: Context, table: Document, given: dict[str, Any]) -> None:
    values = given.get("Values", [])
    if len(values) != len(table.get("PartitionKeys", [])):
        raise Invalid("The number of partition keys do not match the number of partition values")
    doc = _stored(table, given) | {"CreationTime": ctx.now}
    if not ctx.documents.insert(kinds.PARTITION, table["DatabaseName"], table["Name"], *values, doc=doc):
        raise Exists("Partition already exists.")


def _update(ctx: Context, table: Document, values: list[str], given: dict[str, Any]) -> None:
    old = _partition(ctx, table, values)
    key = (table["DatabaseName"], table["Name"])
    new = _stored(table, {"Values": values, **given}) | {"CreationTime": old["CreationTime"]}
    ctx.documents.remove(kinds.PARTITION, *key, *values)
    ctx.documents.write(kinds.PARTITION, *key, *new["Values"], doc=new)


def _stored(table: Document, given: dict[str, Any]) -> Document:
    return {**given, "DatabaseName": table["DatabaseName"], "TableName": table["Name"], "CatalogId": table["CatalogId"]}


def _error(action: Any, values: list[str]) -> Document | None:
    codes = {Exists: "AlreadyExistsException", Missing: "EntityNotFoundException", Invalid: "InvalidInputException"}
    try:
        action()
    except (Exists, Missing, Invalid) as fault:
        return {"PartitionValues": values, "ErrorDetail": _detail(codes[type(fault)], fault)}
    return None


def _detail(code: str, fault: Fault) -> Document:
    return {"ErrorCode": code, "ErrorMessage": fault.message}
