"""Look up databases, tables and partitions; delete or move them with their dependent documents."""

from collections.abc import Sequence

from glue_local.core import arns
from glue_local.core.faults import Exists, Invalid, LimitExceeded, Missing
from glue_local.services.context import Context
from glue_local.store import Document, Key, kinds

_OF_TABLES = (kinds.TABLE, kinds.TABLE_VERSION, kinds.PARTITION, kinds.PARTITION_INDEX, *kinds.STATISTICS)
_MOST_INDEXES = 3


def find_database(ctx: Context, name: str) -> Document:
    """Return a database; ``name`` is case-insensitive. Raises Missing."""
    database = ctx.documents.read(kinds.DATABASE, name.lower())
    if database is None:
        raise Missing(f"Database {name.lower()} not found.")
    return database


def find_table(ctx: Context, database: str, name: str) -> Document:
    """Return a table; names are case-insensitive. Raises Missing, which names the database if that is missing."""
    table = ctx.documents.read(kinds.TABLE, database.lower(), name.lower())
    if table is None:
        find_database(ctx, database)
        raise Missing(f"Table {name.lower()} not found.")
    return table


def find_partition(ctx: Context, table: Document, values: Sequence[str]) -> Document:
    """Return the partition of a table with these values; raises Missing."""
    partition = ctx.documents.read(kinds.PARTITION, table["DatabaseName"], table["Name"], *values)
    if partition is None:
        raise Missing("Cannot find partition.")
    return partition


def remove_database(ctx: Context, name: str) -> None:
    """Delete a database with its tables and their dependent documents; raises Missing."""
    name = find_database(ctx, name)["Name"]
    ctx.documents.remove(kinds.DATABASE, name)
    ctx.documents.remove(kinds.TAGS, arns.database(ctx.region, ctx.account, name))
    for _, table in ctx.documents.keys(kinds.TABLE, name):
        ctx.documents.remove(kinds.TAGS, arns.table(ctx.region, ctx.account, name, table))
    for kind in (*_OF_TABLES, kinds.USER_DEFINED_FUNCTION):
        ctx.documents.remove_under(kind, name)


def remove_table(ctx: Context, database: str, name: str) -> None:
    """Delete a table with its versions, partitions, statistics and tags; raises Missing."""
    table = find_table(ctx, database, name)
    key = (table["DatabaseName"], table["Name"])
    ctx.documents.remove(kinds.TABLE, *key)
    for kind in _OF_TABLES:
        ctx.documents.remove_under(kind, *key)
    ctx.documents.remove(kinds.TAGS, arns.table(ctx.region, ctx.account, *key))


def remove_partition(ctx: Context, table: Document, values: Sequence[str]) -> None:
    """Delete a partition with its statistics; raises Missing."""
    find_partition(ctx, table, values)
    key = (table["DatabaseName"], table["Name"], *values)
    ctx.documents.remove(kinds.PARTITION, *key)
    ctx.documents.remove_under(kinds.PARTITION_STATISTICS, *key)


def move_statistics(ctx: Context, old: Key, new: Key) -> None:
    """Move the statistics of a partition (database, table, values) whose values UpdatePartition changed."""
    for (*_, column), statistics in ctx.documents.scan(kinds.PARTITION_STATISTICS, *old):
        ctx.documents.write(kinds.PARTITION_STATISTICS, *new, column, doc=statistics)
    ctx.documents.remove_under(kinds.PARTITION_STATISTICS, *old)


def add_index(ctx: Context, table: Document, index: Document) -> None:
    """Add a partition index to a table (CreateTable, CreatePartitionIndex); raises Exists, Invalid, LimitExceeded."""
    types = {key["Name"]: key.get("Type", "string") for key in table.get("PartitionKeys", [])}
    keys, key = [name.lower() for name in index["Keys"]], (table["DatabaseName"], table["Name"])
    for name in keys:
        if name not in types:
            raise Invalid(f"Partition index {index['IndexName']}: {name} is not a partition key of {table['Name']}.")
    if len(set(keys)) < len(keys):
        raise Invalid(f"Partition index {index['IndexName']} names a key twice.")
    if ctx.documents.count(kinds.PARTITION_INDEX, *key) >= _MOST_INDEXES:
        raise LimitExceeded(f"Table {table['Name']} has {_MOST_INDEXES} partition indexes, the most that AWS allows.")
    described = {
        "IndexName": index["IndexName"],
        "Keys": [{"Name": name, "Type": types[name]} for name in keys],
        "IndexStatus": "ACTIVE",
    }
    if not ctx.documents.insert(kinds.PARTITION_INDEX, *key, index["IndexName"], doc=described):
        raise Exists(f"Index with the given indexName : {index['IndexName']} already exists")
