"""Frames compared as a test wants it: by their columns and rows, whatever their order, with a readable difference."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from glue_local.testing.difference import Rows, columns_screen, rows_screen

_PAIRED = 200  # rows on either side among which the most alike are looked for


def assert_frames_equal(actual: Any, expected: Any, *, ordered: bool = False, tolerance: float = 0.0) -> None:
    """Raise AssertionError, with the difference, unless two frames have the same columns and the same rows.

    Each is a DataFrame or a DynamicFrame; ``expected`` may be a list of dictionaries or tuples as well, whose types are
    then not compared. The order of columns never counts, that of rows with ``ordered`` only; whether a column may be
    null does not count. Numbers with a fraction may differ by ``tolerance``.
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
    """Return a frame's columns with their types, and its rows; a list's columns are typed as those of ``like``."""
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
    raise TypeError(f"an expected row is a dictionary, or a tuple of {', '.join(names)}; not {row!r}")


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
    """Return the rows that only one side has, each counted as often as it occurs."""
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
    # 1 and 1.0 are equal to Python, and may be two types of a column to Spark.
    return repr(row).replace("-0.0", "0.0")


def _alike(missing: list[Any], unexpected: list[Any], tolerance: float) -> list[tuple[Any, Any]]:
    """Take from both lists the rows of which half the cells are equal, the most alike first; return them in pairs."""
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
    """Tell whether two values are equal: NaN equals NaN, and fractions may differ by ``tolerance``."""
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return one == other or abs(one - other) <= tolerance
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key], tolerance) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(a, b, tolerance) for a, b in zip(one, other, strict=True))
    return bool(one == other)
