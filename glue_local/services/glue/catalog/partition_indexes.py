"""Partition indexes of tables: stored definitions only, because GetPartitions is fast without them."""

from typing import Any

from glue_local.core.faults import Missing
from glue_local.services.context import Context
from glue_local.services.glue.catalog.lookup import add_index, find_table
from glue_local.services.paging import page
from glue_local.store import kinds

_PAGE = 100


def create_partition_index(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePartitionIndex: the index is active immediately.

    Errors: EntityNotFoundException, AlreadyExistsException, InvalidInputException (a key that is not a partition key),
    ResourceNumberLimitExceededException (more than 3).
    """
    with ctx.documents.transaction():
        table = find_table(ctx, request["DatabaseName"], request["TableName"])
        add_index(ctx, table, request["PartitionIndex"])
    return {}


def get_partition_indexes(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPartitionIndexes: return {PartitionIndexDescriptorList, NextToken}. Errors: EntityNotFoundException."""
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    key = (table["DatabaseName"], table["Name"])
    indexes = [index for _, index in ctx.documents.scan(kinds.PARTITION_INDEX, *key)]
    listing = ("GetPartitionIndexes", *key)
    found, token = page(indexes, request, _PAGE, listing=listing, key=lambda index: index["IndexName"])
    return {"PartitionIndexDescriptorList": found, "NextToken": token}


def delete_partition_index(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeletePartitionIndex. Errors: EntityNotFoundException."""
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    name = request["IndexName"]
    if not ctx.documents.remove(kinds.PARTITION_INDEX, table["DatabaseName"], table["Name"], name):
        raise Missing(f"Index with the given indexName : {name} does not exist")
    return {}
