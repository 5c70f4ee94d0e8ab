"""Format the difference of two frames: rows above each other, with differing cells marked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_SHOWN = 20  # differences
_CELL = 40  # characters
_WIDTH = 110
_GAP = "  "


class Rows(NamedTuple):
    """Differing rows: similar pairs (expected, actual), rows of one side only, and the number of equal rows."""

    pairs: list[tuple[Any, Any]]
    missing: list[Any]
    unexpected: list[Any]
    equal: int


def columns_screen(expected: Mapping[str, str], actual: Mapping[str, str]) -> str:
    """Return the columns that only one frame has or that differ in type, as text."""
    lines = ["frames differ in their columns", ""]
    for name in dict.fromkeys([*expected, *actual]):
        if expected.get(name) != actual.get(name):
            lines += [f"  - {name} {expected[name]}"] if name in expected else []
            lines += [f"  + {name} {actual[name]}"] if name in actual else []
    equal = [name for name in expected if actual.get(name) == expected[name]]
    return "\n".join([*lines, "", f"  - expected   + actual   equal: {', '.join(equal) or 'none'}"])


def rows_screen(names: Sequence[str], rows: Rows) -> str:
    """Return the differing rows as text: expected above actual, with differing cells underlined."""
    counts = (
        (len(rows.pairs), "different"),
        (len(rows.missing), "missing"),
        (len(rows.unexpected), "unexpected"),
        (rows.equal, "equal"),
    )
    head = ", ".join(f"{count} {what}" for count, what in counts if count)
    table = list(_table(rows))
    shown = table[:_SHOWN]
    widths = [
        max(len(name), *(len(cell) for _, cells, _ in shown for cell in cells[at : at + 1]))
        for at, name in enumerate(names)
    ]
    kept = _that_fit(widths, {at for _, _, unequal in shown for at in unequal})
    lines = [_line(" ", names, widths, kept)]
    for sign, cells, unequal in shown:
        lines.append(_line(sign, cells, widths, kept))
        if unequal and sign == "+":
            lines.append(
                _line(" ", ["^" * len(cells[at]) if at in unequal else "" for at in range(len(cells))], widths, kept)
            )
    left_out = [f"… and {len(table) - _SHOWN} more rows"] if len(table) > _SHOWN else []
    narrow = [f"{len(names) - len(kept)} equal columns are not shown"] if len(kept) < len(names) else []
    legend = "   ".join(["- expected", "+ actual", *narrow, *left_out])
    return "\n".join([f"frames differ in their rows: {head}", "", *lines, "", f"  {legend}"])


def _table(rows: Rows) -> Iterator[tuple[str, list[str], set[int]]]:
    for expected, actual in rows.pairs:
        unequal = {at for at, (one, other) in enumerate(zip(expected, actual, strict=True)) if _key(one) != _key(other)}
        pair = [_cells(one, other) for one, other in zip(expected, actual, strict=True)]
        yield "-", [one for one, _ in pair], unequal
        yield "+", [other for _, other in pair], unequal
    for row in rows.missing:
        yield "-", [_cell(value) for value in row], set()
    for row in rows.unexpected:
        yield "+", [_cell(value) for value in row], set()


def _key(value: Any) -> str:
    return repr(value)


def _cells(one: Any, other: Any) -> tuple[str, str]:
    """Format two cells so that 1 and '1' look different."""
    shown = _cell(one), _cell(other)
    if shown[0] == shown[1] and _key(one) != _key(other):
        return _short(repr(one)), _short(repr(other))
    return shown


def _cell(value: Any) -> str:
    if value is None:
        return "null"
    text = str(value)
    if isinstance(value, str) and (not text or text != text.strip() or not text.isprintable() or text == "null"):
        text = repr(value)
    return _short(text)


def _short(text: str) -> str:
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def _that_fit(widths: Sequence[int], unequal: set[int]) -> list[int]:
    """Return the columns to show: those with differences, then as many others from the left as fit the line."""
    room = _WIDTH - sum(widths[at] + len(_GAP) for at in unequal)
    kept = set(unequal)
    for at, width in enumerate(widths):
        if at not in kept and width + len(_GAP) <= room:
            kept.add(at)
            room -= width + len(_GAP)
    return sorted(kept)


def _line(sign: str, cells: Sequence[str], widths: Sequence[int], kept: Sequence[int]) -> str:
    return f"  {sign}{_GAP}" + _GAP.join(cells[at].ljust(widths[at]) for at in kept).rstrip()
