"""Which kinds of JSON value occur at each leaf of marked records, in one pass over them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StructType

from . import gluetypes as glue

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
_FITS = f"between {-(2**31)} and {2**31 - 1}"
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
    found = records.selectExpr(*(f"bit_or({one})" for one in packed)).first()
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


def _packed(bits: list[str]) -> str:
    return " | ".join(f"shiftleft(bigint({one}), {_WIDTH * place})" for place, one in enumerate(bits))


# As SQL's text, which Spark reads at once: built call by call, a record of 2 000 fields would take minutes.
def _bits(shape: StructType, path: Path) -> str:
    return _below(shape[path[0]].dataType, _quoted(path[0]), path[1:])


def _below(kind: Any, column: str, path: Path) -> str:
    if not path:
        return f"if({column} is null, 0, {_kind(kind, column)})"
    if path[0] != "[]":
        return _below(kind[path[0]].dataType, f"{column}.{_quoted(path[0])}", path[1:])
    one = f"one{len(path)}"  # an array in it has fewer steps to go, hence another name
    each = f"transform({column}, {one} -> {_below(kind.elementType, one, path[1:])})"
    return f"coalesce(aggregate({each}, 0, (all{len(path)}, {one}) -> all{len(path)} | {one}), 0)"


def _kind(kind: DataType, column: str) -> str:
    if isinstance(kind, spark.LongType):
        return f"if({column} {_FITS}, {_INT}, {_LONG})"
    if isinstance(kind, spark.BooleanType):
        return str(_BOOLEAN)
    if isinstance(kind, spark.DecimalType):
        return str(_DECIMAL)
    first = f"substring({column}, 1, 1)"
    return (
        f"case when {first} = '{MARK}' then {_STRING} when {first} = '{{' then {_OBJECT} when {first} = '[' then {_ARRAY}"
        f" when {first} in ('t', 'f') then {_BOOLEAN} when {column} rlike '[.eEINn]' then {_DOUBLE}"
        f" else if(try_cast({column} as bigint) {_FITS}, {_INT}, {_LONG}) end"
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
