"""Functions on Spark columns."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def _column(one: Column | str) -> Column:
    return F.col(one) if isinstance(one, str) else one


def replaceArrayElement(srcCol: Column | str, replaceCol: Column | str, idx: int) -> Column:
    """Replace the array element at ``idx`` (from 0); the array is unchanged if it has no such element."""
    source, new = _column(srcCol), _column(replaceCol)
    return F.transform(source, lambda one, at: F.when(at == idx, new).otherwise(one))


def namedStruct(*cols: Column | str) -> Column:
    """Return a struct from alternating names and values, like SQL's named_struct."""
    pairs = zip(cols[::2], cols[1::2], strict=True)
    names = [name if isinstance(name, str) else str(name) for name, _ in pairs]
    values = cols[1::2]
    return F.struct(*(_column(value).alias(name) for name, value in zip(names, values, strict=True)))


def explodeWithIndex(col: Column | str) -> Column:
    """Return a row for each array element, with the columns index (from 0) and val."""
    return F.posexplode(_column(col)).alias("index", "val")
