"""Partitions of the Data Catalog's tables."""

from typing import Any
from zlib import crc32

from glue_local.core.faults import Exists, Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.glue.catalog.column_names import with_lower_case_columns
from glue_local.services.glue.catalog.expression import leading, parse
from glue_local.services.glue.catalog.lookup import find_partition, find_table, move_statistics, remove_partition
from glue_local.services.glue.fault_codes import error_detail
from glue_local.services.paging import page
from glue_local.store import Document, Key, kinds, order

_PAGE = 1000


def create_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePartition. Errors: EntityNotFoundException, AlreadyExistsException, InvalidInputException."""
    with ctx.documents.transaction():
        _create(ctx, _table_of(ctx, request), request["PartitionInput"])
    return {}


def batch_create_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchCreatePartition: create up to 100; returns {Errors} for the failed ones."""
    with ctx.documents.transaction():
        table = _table_of(ctx, request)
        errors = [
            _error(lambda given=given: _create(ctx, table, given), given.get("Values", []))
            for given in request["PartitionInputList"]
        ]
    return {"Errors": [error for error in errors if error]}


def get_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPartition: return {Partition}. Errors: EntityNotFoundException."""
    return {"Partition": find_partition(ctx, _table_of(ctx, request), request["PartitionValues"])}


def get_partitions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPartitions: return a page of {Partitions, NextToken}; ``Expression`` compares values by their keys' types.

    Errors: EntityNotFoundException, InvalidInputException (the expression).
    """
    table = _table_of(ctx, request)
    key = (table["DatabaseName"], table["Name"])
    wanted = _segment(request, _selected(ctx, request, table))
    listing = ("GetPartitions", *key, request.get("Expression"), request.get("Segment"))
    chosen, token = page(wanted, request, _PAGE, listing=listing, key=order)
    found = ctx.documents.read_all(kinds.PARTITION, [(*key, *values) for values in chosen])
    if request.get("ExcludeColumnSchema"):
        found = [_without_columns(doc) for doc in found]
    return {"Partitions": found, "NextToken": token}


def batch_get_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetPartition: return {Partitions, UnprocessedKeys}; leaves out missing partitions."""
    table = _table_of(ctx, request)
    wanted = [(table["DatabaseName"], table["Name"], *one["Values"]) for one in request["PartitionsToGet"]]
    return {"Partitions": ctx.documents.read_all(kinds.PARTITION, wanted), "UnprocessedKeys": []}


def update_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdatePartition: replace a partition. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        _update(ctx, _table_of(ctx, request), request["PartitionValueList"], request["PartitionInput"])
    return {}


def batch_update_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchUpdatePartition: replace up to 100; returns {Errors} for the failed ones."""
    table = _table_of(ctx, request)
    with ctx.documents.transaction():
        errors = []
        for entry in request["Entries"]:
            values = entry["PartitionValueList"]
            error = _error(lambda e=entry: _update(ctx, table, e["PartitionValueList"], e["PartitionInput"]), values)
            if error:
                errors.append({"PartitionValueList": values, "ErrorDetail": error["ErrorDetail"]})
    return {"Errors": errors}


def batch_delete_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchDeletePartition: delete up to 25; returns {Errors} for the failed ones."""
    table = _table_of(ctx, request)
    with ctx.documents.transaction():
        errors = [
            _error(lambda values=wanted["Values"]: remove_partition(ctx, table, values), wanted["Values"])
            for wanted in request["PartitionsToDelete"]
        ]
    return {"Errors": [error for error in errors if error]}


def delete_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeletePartition. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        remove_partition(ctx, _table_of(ctx, request), request["PartitionValues"])
    return {}


def _selected(ctx: Context, request: dict[str, Any], table: Document) -> list[Key]:
    expression, partition_keys = request.get("Expression", "").strip(), table.get("PartitionKeys", [])
    key = (table["DatabaseName"], table["Name"])
    if not expression:
        return [found[2:] for found in ctx.documents.keys(kinds.PARTITION, *key)]
    test, demanded = parse(expression, partition_keys), leading(expression, partition_keys)
    # A scan returns the keys below its prefix, so a complete key as prefix would find nothing.
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
    # By hash of the values, not by position: a partition stays in its segment when others are deleted.
    return [values for values in wanted if crc32(order(values).encode()) % total == number]


def _without_columns(doc: Document) -> Document:
    descriptor = doc.get("StorageDescriptor")
    if descriptor is None:
        return doc
    return {**doc, "StorageDescriptor": {name: value for name, value in descriptor.items() if name != "Columns"}}


def _table_of(ctx: Context, request: dict[str, Any]) -> Document:
    return find_table(ctx, request["DatabaseName"], request["TableName"])


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
    old = find_partition(ctx, table, values)
    key = (table["DatabaseName"], table["Name"])
    new = _stored(table, {"Values": values, **given}) | {"CreationTime": old["CreationTime"]}
    _check_count(table, new["Values"])
    if list(new["Values"]) != list(values) and ctx.documents.read(kinds.PARTITION, *key, *new["Values"]):
        raise Exists("Partition already exists.")
    ctx.documents.remove(kinds.PARTITION, *key, *values)
    ctx.documents.write(kinds.PARTITION, *key, *new["Values"], doc=new)
    if list(new["Values"]) != list(values):
        move_statistics(ctx, (*key, *values), (*key, *new["Values"]))


def _stored(table: Document, given: dict[str, Any]) -> Document:
    owner = {"DatabaseName": table["DatabaseName"], "TableName": table["Name"], "CatalogId": table["CatalogId"]}
    return {**with_lower_case_columns(given), **owner}


def _error(action: Any, values: list[str]) -> Document | None:
    try:
        action()
    except (Exists, Missing, Invalid) as fault:
        return {"PartitionValues": values, "ErrorDetail": error_detail(fault)}
    return None
