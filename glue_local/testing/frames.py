"""Compare frames by columns and rows, in any order, with a readable difference."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from glue_local.testing.difference import Rows, columns_screen, rows_screen

_PAIRED = 200  # the most rows per side that are searched for similar pairs


def assert_frames_equal(actual: Any, expected: Any, *, ordered: bool = False, tolerance: float = 0.0) -> None:
    """Raise AssertionError with the difference unless two frames have the same columns and rows.

    Each is a DataFrame or a DynamicFrame; ``expected`` may also be a list of dictionaries or tuples, and then types
    are not compared. The order of columns and nullability are ignored; the order of rows matters only with
    ``ordered``. Floating-point numbers may differ by ``tolerance``.
    """
    __tracebackhide__ = True
    columns, got = _read(actual)
    wanted_columns, wanted = _read(expected, columns)
    if wanted_columns != columns:
        raise AssertionError(columns_screen(wanted_columns, columns))
    names = list(columns)
    rows = _differing(
        [tuple(row.get(name) for name in names) for row in wanted],
        [tuple(row.get(name) for name in names) for row in got],
        ordered,
        tolerance,
    )
    if rows.missing or rows.unexpected or rows.pairs:
        raise AssertionError(rows_screen(names, rows))


def _read(frame: Any, like: Mapping[str, str] | None = None) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return a frame's columns with their types, and its rows; a list takes its types from ``like``."""
    if hasattr(frame, "glue_ctx"):  # a DynamicFrame
        frame = frame.toDF()
    if hasattr(frame, "collect"):
        columns = {field.name: field.dataType.simpleString() for field in frame.schema.fields}
        return columns, [row.asDict(recursive=True) for row in frame.collect()]
    known = dict(like or {})
    rows = [_row(row, list(known)) for row in frame]
    unknown = {name: "?" for row in rows for name in row if name not in known}
    return known | unknown, rows


def _row(row: Any, names: Sequence[str]) -> dict[str, Any]:
    if isinstance(row, Mapping):
        return dict(row)
    if hasattr(row, "asDict"):
        return dict(row.asDict(recursive=True))
    if isinstance(row, Sequence) and not isinstance(row, str | bytes) and len(row) == len(names):
        return dict(zip(names, row, strict=True))
    raise TypeError(f"an expected row must be a dictionary or a tuple of {', '.join(names)}, not {row!r}")


def _differing(expected: list[Any], actual: list[Any], ordered: bool, tolerance: float) -> Rows:
    if ordered:
        both = list(zip(expected, actual, strict=False))
        pairs = [(one, other) for one, other in both if not same(one, other, tolerance)]
        return Rows(pairs, expected[len(both) :], actual[len(both) :], len(both) - len(pairs))
    missing, unexpected = _without_common(expected, actual, tolerance)
    equal = len(expected) - len(missing)
    pairs = _alike(missing, unexpected, tolerance)
    return Rows(pairs, missing, unexpected, equal)


def _without_common(expected: list[Any], actual: list[Any], tolerance: float) -> tuple[list[Any], list[Any]]:
    """Return the rows that only one side has, with duplicates."""
    left: dict[str, list[Any]] = {}
    for row in actual:
        left.setdefault(_key(row), []).append(row)
    missing = []
    for row in expected:
        twins = left.get(_key(row))
        if twins:
            twins.pop()
        else:
            missing.append(row)
    unexpected = [row for rows in left.values() for row in rows]
    if tolerance:
        for row in tuple(missing):
            twin = next((other for other in unexpected if same(row, other, tolerance)), None)
            if twin is not None:
                missing.remove(row)
                unexpected.remove(twin)
    return sorted(missing, key=_key), sorted(unexpected, key=_key)


def _key(row: Any) -> str:
    # 1 and 1.0 are equal in Python but may be different column types in Spark.
    return repr(row).replace("-0.0", "0.0")


def _alike(missing: list[Any], unexpected: list[Any], tolerance: float) -> list[tuple[Any, Any]]:
    """Remove pairs of rows with at least half of their cells equal, best matches first, and return them."""
    scores = sorted(
        (
            (-sum(same(a, b, tolerance) for a, b in zip(one, other, strict=True)), at, beside)
            for at, one in enumerate(missing[:_PAIRED])
            for beside, other in enumerate(unexpected[:_PAIRED])
        ),
    )
    taken: dict[int, int] = {}
    for score, at, beside in scores:
        if -2 * score >= len(missing[at]) and score and at not in taken and beside not in taken.values():
            taken[at] = beside
    pairs = [(missing[at], unexpected[taken[at]]) for at in sorted(taken)]
    missing[:] = [row for at, row in enumerate(missing) if at not in taken]
    unexpected[:] = [row for at, row in enumerate(unexpected) if at not in taken.values()]
    return pairs


def same(one: Any, other: Any, tolerance: float = 0.0) -> bool:
    """Return whether two values are equal: NaN equals NaN, and floats may differ by ``tolerance``."""
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return one == other or abs(one - other) <= tolerance
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key], tolerance) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(a, b, tolerance) for a, b in zip(one, other, strict=True))
    return bool(one == other)
