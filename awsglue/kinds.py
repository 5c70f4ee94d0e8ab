"""Which kinds of JSON value occur at each leaf of marked records, in one pass over them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StructType

from awsglue import gluetypes as glue

MARK = " "  # what stands behind every quote
_STRING, _INT, _LONG, _DOUBLE, _BOOLEAN, _DECIMAL, _OBJECT, _ARRAY = (1 << place for place in range(8))
_PLAIN: dict[int, Callable[[], glue.DataType]] = {
    _STRING: glue.StringType,
    _INT: glue.IntegerType,
    _LONG: glue.LongType,
    _DOUBLE: glue.DoubleType,
    _BOOLEAN: glue.BooleanType,
    _DECIMAL: lambda: glue.DecimalType(38, 0),
}
_SHAPED = {_OBJECT: "{", _ARRAY: "["}
_WIDTH, _TOGETHER = 8, 7  # bits of one leaf, and leaves in one number of 64 bits
Path = tuple[str, ...]


@dataclass(frozen=True)
class Leaf:
    """What occurs at a leaf: types without parts, and the first characters of those with parts."""

    path: Path
    plain: list[Callable[[], glue.DataType]]
    shaped: list[str]

    def texts(self, records: DataFrame, first: str) -> DataFrame:
        """Return the texts, marked as they are, of the objects or of the arrays that occur here."""
        frame = records.select(F.col(f"`{self.path[0]}`").alias("value"))
        for name in self.path[1:]:
            inner = F.explode("value") if name == "[]" else F.col("value").getField(name)
            frame = frame.select(inner.alias("value"))
        return frame.where(F.substring("value", 1, 1) == first)


def unmarked_name(name: str) -> str:
    """Return a field's name without its mark."""
    return name.removeprefix(MARK)


def look(records: DataFrame, shape: StructType) -> dict[Path, Leaf]:
    """Return what occurs at each leaf of ``shape``, whose numbers with a fraction and whose words are text here."""
    leaves = list(_leaves(shape, ()))
    if not leaves:
        return {}
    bits = [_bits(shape, path) for path, _ in leaves]
    packed = [_packed(bits[start : start + _TOGETHER]) for start in range(0, len(bits), _TOGETHER)]
    found = records.agg(*(F.bit_or(one).alias(str(place)) for place, one in enumerate(packed))).first()
    numbers = [0 if one is None else int(one) for one in (found or [])]
    return {
        path: _leaf(path, numbers[place // _TOGETHER] >> (_WIDTH * (place % _TOGETHER)) & ((1 << _WIDTH) - 1))
        for place, (path, _) in enumerate(leaves)
    }


def _leaf(path: Path, bits: int) -> Leaf:
    return Leaf(
        path, [made for bit, made in _PLAIN.items() if bits & bit], [c for bit, c in _SHAPED.items() if bits & bit]
    )


def _leaves(kind: DataType, path: Path) -> Iterator[tuple[Path, DataType]]:
    if isinstance(kind, StructType):
        for one in kind.fields:
            yield from _leaves(one.dataType, (*path, one.name))
    elif isinstance(kind, spark.ArrayType):
        yield from _leaves(kind.elementType, (*path, "[]"))
    else:
        yield path, kind


def _packed(bits: list[Column]) -> Column:
    whole = F.lit(0).cast("bigint")
    for place, one in enumerate(bits):
        whole = whole.bitwiseOR(F.shiftleft(one.cast("bigint"), _WIDTH * place))
    return whole


def _bits(shape: StructType, path: Path) -> Column:
    return _below(shape[path[0]].dataType, F.col(f"`{path[0]}`"), path[1:])


def _below(kind: Any, column: Column, path: Path) -> Column:
    if not path:
        return F.when(column.isNull(), 0).otherwise(_kind(kind, column))
    if path[0] != "[]":
        return _below(kind[path[0]].dataType, column.getField(path[0]), path[1:])
    each = F.transform(column, lambda one: _below(kind.elementType, one, path[1:]))
    return F.coalesce(F.aggregate(each, F.lit(0), lambda all_, one: all_.bitwiseOR(one)), F.lit(0))


def _kind(kind: DataType, column: Column) -> Column:
    if isinstance(kind, spark.LongType):
        return F.when(column.between(-(2**31), 2**31 - 1), _INT).otherwise(_LONG)
    if isinstance(kind, spark.BooleanType):
        return F.lit(_BOOLEAN)
    if isinstance(kind, spark.DecimalType):
        return F.lit(_DECIMAL)
    first = F.substring(column, 1, 1)
    number = F.when(column.rlike("[.eEINn]"), _DOUBLE).otherwise(_whole(column))
    return (
        F.when(first == MARK, _STRING)
        .when(first == "{", _OBJECT)
        .when(first == "[", _ARRAY)
        .when(first.isin("t", "f"), _BOOLEAN)
        .otherwise(number)
    )


def _whole(text: Column) -> Column:
    return F.when(text.cast("bigint").between(-(2**31), 2**31 - 1), _INT).otherwise(_LONG)
