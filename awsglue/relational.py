"""relationalize: nested records as flat tables, arrays in tables of their own, joined by generated keys."""

import uuid
from collections.abc import Callable
from functools import cache

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, StructField, StructType

from awsglue.fields import flattened
from awsglue.schemas import storable

Table = Callable[[], DataFrame]
_KEY = "__glue_key"


def tables(frame: DataFrame, root: str, staging_path: str | None) -> dict[str, Table]:
    """Return the tables by name: ``root``, and ``<root>_<column>`` for each array, its arrays in turn likewise.

    Keys are numbered from 1 by the order in which records are read. With a staging path the keyed records are written
    there when the first table is used, so that all tables have the same keys however the records come about.
    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Relationalize.html
    """
    flat = list(flattened(storable(frame.schema), choices=True))
    whole = StructType([StructField(name, kind) for name, _, kind in flat])

    def keyed() -> DataFrame:
        columns = [column.cast(kind).alias(name) for name, column, kind in flat]
        return frame.select(F.monotonically_increasing_id().alias(_KEY), *columns)

    return _table(root, whole, cache(_staged(keyed, root, staging_path)), root, [])


def _staged(keyed: Table, name: str, staging_path: str | None) -> Table:
    if not staging_path:
        return keyed

    def staged() -> DataFrame:
        rows = keyed()
        path = f"{staging_path.rstrip('/')}/{name}-{uuid.uuid4().hex}"
        rows.write.parquet(path)
        return rows.sparkSession.read.schema(rows.schema).parquet(path)

    return staged


def _table(name: str, schema: StructType, rows: Table, root: str, own: list[str]) -> dict[str, Table]:
    """Return the table of flat ``rows`` and those of its arrays; ``own`` are its key columns."""
    arrays = [one for one in schema.fields if isinstance(one.dataType, ArrayType)]
    names = {one.name for one in arrays}

    def flat() -> DataFrame:
        columns = [_key_of(one.name) if one.name in names else F.col(f"`{one.name}`") for one in schema.fields]
        return rows().select(*own, *columns)

    found = {name: flat}
    for one in arrays:
        found |= _pivoted(one.name, one.dataType.elementType, rows, root)
    return found


def _key_of(name: str) -> Column:
    return F.when(F.col(f"`{name}`").isNotNull(), F.col(_KEY) + 1).alias(name)


def _pivoted(name: str, element: DataType, rows: Table, root: str) -> dict[str, Table]:
    value = StructType([StructField(f"{name}.val", element)])
    parts = list(flattened(value, choices=True))
    schema = StructType([StructField(part, kind) for part, _, kind in parts])

    def exploded() -> DataFrame:
        lines = rows().select((F.col(_KEY) + 1).alias("id"), F.posexplode(f"`{name}`").alias("index", f"{name}.val"))
        columns = [column.alias(part) for part, column, _ in parts]
        return lines.select(F.monotonically_increasing_id().alias(_KEY), "id", "index", *columns)

    return _table(f"{root}_{name}", schema, cache(exploded), root, ["id", "index"])
