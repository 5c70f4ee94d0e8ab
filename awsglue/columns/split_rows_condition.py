"""The comparisons of split_rows as one Spark condition."""

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F

from .paths import parts, quoted

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "=": operator.eq,
        "!=": operator.ne,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)


def condition(comparisons: Mapping[str, Mapping[str, Any]]) -> Column:
    """Return the condition for ``{"age": {">": 10, "<": 20}}``, all comparisons joined by AND; ValueError if invalid."""
    tests = [
        _operator(sign)(F.col(quoted(parts(path))), value)
        for path, pairs in comparisons.items()
        for sign, value in pairs.items()
    ]
    return F.coalesce(reduce(operator.and_, tests, F.lit(True)), F.lit(False))


def _operator(sign: str) -> Callable[[Any, Any], Any]:
    if sign not in _OPERATORS:
        raise ValueError(f"split_rows: invalid operator {sign!r}, use one of {', '.join(_OPERATORS)}")
    return _OPERATORS[sign]
