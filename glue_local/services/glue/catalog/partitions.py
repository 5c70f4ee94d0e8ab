"""Partitions of the Data Catalog's tables."""

from typing import Any
from zlib import crc32

from glue_local.core.faults import Exists, Fault, Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.glue.expression import leading, parse
from glue_local.store import Document, Key, kinds, order
from glue_local.wire.paging import page

_PAGE = 1000


def create_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePartition: errors EntityNotFoundException, AlreadyExistsException, InvalidInputException."""
    with ctx.documents.transaction():
        _create(ctx, _table(ctx, request), request["PartitionInput"])
    return {}


def batch_create_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchCreatePartition: create up to 100; returns {Errors} of those that could not be."""
    with ctx.documents.transaction():
        table = _table(ctx, request)
        errors = [
            _error(lambda given=given: _create(ctx, table, given), given.get("Values", []))
            for given in request["PartitionInputList"]
        ]
    return {"Errors": [error for error in errors if error]}


def get_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPartition: return {Partition}. Errors: EntityNotFoundException."""
    return {"Partition": _partition(ctx, _table(ctx, request), request["PartitionValues"])}


def get_partitions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPartitions: return a page of {Partitions, NextToken}; ``Expression`` selects by the partition keys' types.

    Errors: EntityNotFoundException, InvalidInputException (the expression).
    """
    table = _table(ctx, request)
    key = (table["DatabaseName"], table["Name"])
    wanted = _segment(request, _selected(ctx, request, table))
    listing = ("GetPartitions", *key, request.get("Expression"), request.get("Segment"))
    chosen, token = page(wanted, request, _PAGE, listing=listing, key=order)
    found = ctx.documents.read_all(kinds.PARTITION, [(*key, *values) for values in chosen])
    if request.get("ExcludeColumnSchema"):
        found = [_without_columns(doc) for doc in found]
    return {"Partitions": found, "NextToken": token}


def batch_get_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetPartition: return {Partitions, UnprocessedKeys}; partitions that are not there are left out."""
    table = _table(ctx, request)
    wanted = [(table["DatabaseName"], table["Name"], *one["Values"]) for one in request["PartitionsToGet"]]
    return {"Partitions": ctx.documents.read_all(kinds.PARTITION, wanted), "UnprocessedKeys": []}


def update_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdatePartition: replace one. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
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


def batch_delete_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchDeletePartition: delete up to 25; returns {Errors} of those that could not be."""
    table = _table(ctx, request)
    with ctx.documents.transaction():
        errors = [
            _error(lambda values=wanted["Values"]: _delete(ctx, table, values), wanted["Values"])
            for wanted in request["PartitionsToDelete"]
        ]
    return {"Errors": [error for error in errors if error]}


def delete_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeletePartition: errors EntityNotFoundException."""
    _delete(ctx, _table(ctx, request), request["PartitionValues"])
    return {}


def _selected(ctx: Context, request: dict[str, Any], table: Document) -> list[Key]:
    expression, partition_keys = request.get("Expression", "").strip(), table.get("PartitionKeys", [])
    key = (table["DatabaseName"], table["Name"])
    if not expression:
        return [found[2:] for found in ctx.documents.keys(kinds.PARTITION, *key)]
    test, demanded = parse(expression, partition_keys), leading(expression, partition_keys)
    # A prefix of the whole key finds nothing: what is scanned lies under it.
    under = (*key, *demanded[: len(partition_keys) - 1])
    if test.condition:
        met = ctx.documents.partition_keys(*under, condition=test.condition, parameters=test.parameters)
        return [found[2:] for found in met]
    return [found[2:] for found in ctx.documents.keys(kinds.PARTITION, *under) if test.truth(found[2:])]


def _segment(request: dict[str, Any], wanted: list[Key]) -> list[Key]:
    segment = request.get("Segment")
    if segment is None:
        return wanted
    if segment["SegmentNumber"] >= segment["TotalSegments"]:
        raise Invalid("SegmentNumber must be less than TotalSegments")
    number, total = segment["SegmentNumber"], segment["TotalSegments"]
    # By the values, not by place, so that a partition stays in its segment when others are deleted.
    return [values for values in wanted if crc32(order(values).encode()) % total == number]


def _without_columns(doc: Document) -> Document:
    descriptor = doc.get("StorageDescriptor")
    if descriptor is None:
        return doc
    return {**doc, "StorageDescriptor": {name: value for name, value in descriptor.items() if name != "Columns"}}


def _delete(ctx: Context, table: Document, values: list[str]) -> None:
    _partition(ctx, table, values)
    ctx.documents.remove(kinds.PARTITION, table["DatabaseName"], table["Name"], *values)


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
    _check_count(table, values)
    doc = _stored(table, given) | {"CreationTime": ctx.now}
    if not ctx.documents.insert(kinds.PARTITION, table["DatabaseName"], table["Name"], *values, doc=doc):
        raise Exists("Partition already exists.")


def _check_count(table: Document, values: list[str]) -> None:
    if len(values) != len(table.get("PartitionKeys", [])):
        raise Invalid("The number of partition keys do not match the number of partition values")


def _update(ctx: Context, table: Document, values: list[str], given: dict[str, Any]) -> None:
    old = _partition(ctx, table, values)
    key = (table["DatabaseName"], table["Name"])
    new = _stored(table, {"Values": values, **given}) | {"CreationTime": old["CreationTime"]}
    _check_count(table, new["Values"])
    if list(new["Values"]) != list(values) and ctx.documents.read(kinds.PARTITION, *key, *new["Values"]):
        raise Exists("Partition already exists.")
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
