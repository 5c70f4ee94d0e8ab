"""relationalize: split nested records into flat tables; each array becomes a table, linked by generated keys."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import (
    ArrayType,
    DataType,
    StringType,
    StructField,
    StructType,
    TimestampNTZType,
    TimestampType,
)

from ..bookmarks import Bookmarks
from .fields import flatten
from .schemas import storable

Table = Callable[[], DataFrame]
_KEY = "__glue_key"
_STATE = "RelationalizeJobBookmarkState"
_PER_PARTITION = 1 << 33  # monotonically_increasing_id gives each partition a range of this size


@dataclass
class KeyNumbering:
    """The first key of a run: 1, or with a bookmark the next one after all committed runs."""

    bookmarks: Bookmarks | None = None
    context: str = ""
    before: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.bookmarks is not None and self.context:
            self.before, _ = self.bookmarks.position(self.context)

    @property
    def offset(self) -> int:
        """The number to add to Spark's row ids."""
        return int(self.before["keys"]["next"]) if self.before else 1

    def used(self, rows: DataFrame) -> None:
        """Reserve the keys of the staged records and their arrays; both are numbered per partition in the same way."""
        if self.bookmarks is None or not self.context:
            return
        last = rows.agg(F.max(_KEY)).collect()[0][0] or 0
        partitions = max(last // _PER_PARTITION + 1, rows.rdd.getNumPartitions())
        run = int(self.before["timestamps"]["RUN"]) + 1 if self.before else 1
        keys = {"next": str(self.offset + partitions * _PER_PARTITION)}
        self.bookmarks.move(self.context, {"jsonClass": _STATE, "timestamps": {"RUN": str(run)}, "keys": keys})


FROM_ONE = KeyNumbering()


def relational_tables(
    frame: DataFrame, root: str, staging_path: str | None, numbering: KeyNumbering = FROM_ONE
) -> dict[str, Table]:
    """Return the tables by name: ``root``, and ``<root>_<column>`` for each array, at any depth.

    Keys follow the order in which records are read. With a staging path, the keyed records are written there when
    the first table is used, so that all tables have the same keys even if the input is not deterministic.
    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-Relationalize.html
    """
    flat = list(flatten(storable(frame.schema), choices=True))
    whole = StructType([StructField(name, kind) for name, _, kind in flat])

    def keyed() -> DataFrame:
        columns = [column.cast(kind).alias(name) for name, column, kind in flat]
        return frame.select(F.monotonically_increasing_id().alias(_KEY), *columns)

    rows = cache(_staged(keyed, root, staging_path, numbering))
    return _table(root, whole, rows, _Pivot(root, F.col(_KEY) + numbering.offset), [])


@dataclass(frozen=True)
class _Pivot:
    """What all array tables share: the root name and the key of a record."""

    root: str
    key: Column


def _staged(keyed: Table, name: str, staging_path: str | None, numbering: KeyNumbering) -> Table:
    if not staging_path:
        return keyed

    def staged() -> DataFrame:
        rows = keyed()
        path = f"{staging_path.rstrip('/')}/{name}-{uuid.uuid4().hex}"
        rows.write.parquet(path)
        kept = rows.sparkSession.read.schema(rows.schema).parquet(path)
        numbering.used(kept)
        return kept

    return staged


def _table(name: str, schema: StructType, rows: Table, pivot: _Pivot, own: list[str]) -> dict[str, Table]:
    """Return the table of flat ``rows`` and the tables of its arrays; ``own`` are its key columns."""
    arrays = [one for one in schema.fields if isinstance(one.dataType, ArrayType)]
    names = {one.name for one in arrays}

    def flat() -> DataFrame:
        columns = [_key_of(one.name, pivot) if one.name in names else F.col(f"`{one.name}`") for one in schema.fields]
        return rows().select(*own, *columns)

    found = {name: flat}
    for one in arrays:
        found |= _pivoted(one.name, one.dataType.elementType, rows, pivot)
    return found


def _stored(kind: DataType) -> DataType:
    # AWS stages the tables of arrays as CSV, where a timestamp is a string.
    return StringType() if isinstance(kind, TimestampType | TimestampNTZType) else kind


def _key_of(name: str, pivot: _Pivot) -> Column:
    return F.when(F.col(f"`{name}`").isNotNull(), pivot.key).alias(name)


def _pivoted(name: str, element: DataType, rows: Table, pivot: _Pivot) -> dict[str, Table]:
    value = StructType([StructField(f"{name}.val", element)])
    parts = list(flatten(value, choices=True))
    schema = StructType([StructField(part, _stored(kind)) for part, _, kind in parts])

    def exploded() -> DataFrame:
        lines = rows().select(pivot.key.alias("id"), F.posexplode(f"`{name}`").alias("index", f"{name}.val"))
        columns = [column.cast(_stored(kind)).alias(part) for part, column, kind in parts]
        return lines.select(F.monotonically_increasing_id().alias(_KEY), "id", "index", *columns)

    return _table(f"{pivot.root}_{name}", schema, cache(exploded), pivot, ["id", "index"])
