"""Evaluate conditions on a number or on every value of a column."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DateType, NumericType, TimestampNTZType, TimestampType

from awsgluedq.ruleset import EMPTY, NULL, Condition, Operand

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
}


def holds(condition: Condition, value: float) -> bool:
    """Return whether a number meets a condition; ``between`` excludes its bounds, as AWS documents. NaN never does."""
    if value != value:
        return False
    operands = [_number(each) for each in condition.operands]
    if condition.operator in _COMPARE:
        return bool(_COMPARE[condition.operator](value, operands[0]))
    if condition.operator.endswith("between"):
        return (operands[0] < value < operands[1]) is (condition.operator == "between")
    if condition.operator.endswith("in"):
        return (value in operands) is (condition.operator == "in")
    raise ValueError(f"the operator {condition.operator} does not apply to a number")


def _number(operand: Operand) -> float:
    try:
        return float(operand.value)
    except ValueError:
        raise ValueError(f"cannot compare a number with {operand.value!r}") from None


def meets(column: Column, of_type: DataType, condition: Condition, now: datetime) -> Column:
    """Return whether each value meets a condition, never null: a null value fails but for ``!=`` and ``not in``.

    Page: https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types-ColumnValues.html
    """
    compared, of_literal = _comparable(column, of_type, condition)

    def literal(operand: Operand) -> Column:
        if operand.kind == "moment":
            return F.lit(now + timedelta(seconds=float(operand.value)))
        return F.lit(operand.value).cast(of_literal) if of_literal else F.lit(operand.value)

    def equals(operand: Operand) -> Column:
        if operand.kind != "keyword":
            return F.coalesce(compared == literal(operand), F.lit(False))
        if operand.value == NULL:
            return column.isNull()
        text = column.cast("string")
        same = text == F.lit("") if operand.value == EMPTY else text.rlike(r"^\s+$")
        return F.coalesce(same, F.lit(False))

    operator, operands = condition.operator, condition.operands
    if operator in ("=", "!=", "in", "not in"):
        found = reduce(lambda a, b: a | b, [equals(each) for each in operands])
        return found if operator in ("=", "in") else ~found
    if operator in ("matches", "not matches"):
        # The whole value must match.
        found = column.cast("string").rlike(f"^(?:{operands[0].value})$")
        return F.coalesce(found if operator == "matches" else ~found, F.lit(False))
    if operator.endswith("between"):
        low, high = literal(operands[0]), literal(operands[1])
        inside = (compared > low) & (compared < high)
        return F.coalesce(inside if operator == "between" else ~inside, F.lit(False))
    return F.coalesce(_COMPARE[operator](compared, literal(operands[0])), F.lit(False))


def _comparable(column: Column, of_type: DataType, condition: Condition) -> tuple[Column, str | None]:
    """Return the column to compare and the type for literals: numbers are never compared as strings."""
    kinds = {each.kind for each in condition.operands}
    if isinstance(of_type, DateType | TimestampType | TimestampNTZType) or "moment" in kinds:
        return column.cast("timestamp"), "timestamp"
    if isinstance(of_type, NumericType):
        return column, None if kinds <= {"number", "keyword"} else "double"
    return (column.cast("double"), None) if "number" in kinds else (column, None)
