"""The figures of a comparison as numbers and text, for the terminal and the report page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glue_local.compare.cost import VOLUMES, break_even, total
from glue_local.compare.measure import Measured, Requests
from glue_local.compare.rows import TableRows

NOT_COUNTED = "–"


@dataclass(frozen=True)
class Measure:
    """One figure of both workflows; a value that was not counted is None."""

    name: str
    values: tuple[float | None, float | None]
    texts: tuple[str, str]

    @property
    def shares(self) -> tuple[float, float]:
        """Both values in percent of the larger one, as lengths of bars."""
        first, second = (value or 0 for value in self.values)
        largest = max(first, second) or 1
        return round(100 * first / largest, 2), round(100 * second / largest, 2)


@dataclass(frozen=True)
class Figures:
    """The result of a comparison; pairs are in the order of ``titles``."""

    titles: tuple[str, str]
    workflows: tuple[Measured, Measured]
    rows: Sequence[TableRows]
    events: int
    minutes: int
    measures: Sequence[Measure]
    prices: Sequence[Measure]
    break_even: str
    notes: Sequence[str]


def figures(one: Measured, other: Measured, rows: Sequence[TableRows], minutes: int) -> Figures:
    """Return the figures of two executions on the same events."""
    pair, events = (one, other), one.events
    return Figures(
        titles=(one.workflow.title, other.workflow.title),
        workflows=pair,
        rows=rows,
        events=events,
        minutes=minutes,
        measures=[_measure(pair, *each) for each in _MEASURES],
        prices=[_measure(pair, f"{volume}× ({volume * events:,} events)", _price(volume), _usd) for volume in VOLUMES],
        break_even=_break_even(one, other),
        notes=_notes(pair),
    )


def _measure(pair: tuple[Measured, Measured], name: str, value: "Value", text: "Text") -> Measure:
    first, second = (value(each) for each in pair)
    shown = [NOT_COUNTED if each is None else text(each) for each in (first, second)]
    return Measure(name, (first, second), (shown[0], shown[1]))


Value = Callable[[Measured], float | None]
Text = Callable[[float], str]


def _seconds(value: float) -> str:
    return f"{value:.1f} s"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def size(value: float) -> str:
    """Format a number of bytes in a suitable unit."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= scale:
            return f"{value / scale:.1f} {unit}"
    return f"{value:.0f} B"


def _usd(value: float) -> str:
    return f"{value:.4f}"


def _price(volume: int) -> Value:
    return lambda measured: total(measured, volume)


def _of_requests(value: Callable[[Requests], float]) -> Value:
    return lambda measured: None if measured.requests is None else value(measured.requests)


def _code(measured: Measured) -> float:
    return sum(count for file, count in measured.lines.items() if file != measured.workflow.definition)


_MEASURES: tuple[tuple[str, Value, Text], ...] = (
    ("run time", lambda measured: measured.seconds, _seconds),
    ("time to first result", lambda measured: measured.first_result, _seconds),
    ("job runs", lambda measured: len(measured.runs), _count),
    ("queries", lambda measured: len(measured.queries), _count),
    ("DPU-seconds of job runs", lambda measured: measured.dpu_seconds, lambda value: f"{value:,.1f}"),
    ("bytes scanned by queries", lambda measured: measured.scanned, size),
    ("read from S3", _of_requests(lambda requests: requests.read), size),
    ("written to S3", _of_requests(lambda requests: requests.written), size),
    ("S3 requests", _of_requests(lambda requests: sum(requests.by_kind.values())), _count),
    ("files added to tables", lambda measured: measured.files, _count),
    ("size of these files", lambda measured: measured.file_bytes, size),
    ("lines of code", _code, _count),
    ("lines of state machine", lambda measured: measured.lines[measured.workflow.definition], _count),
    ("state transitions", lambda measured: measured.transitions, _count),
)


def _break_even(one: Measured, other: Measured) -> str:
    crossing = break_even(one, other)
    if crossing:
        return f"Break-even at {crossing.volume:,.3g} times the volume: above it, {crossing.cheaper} is cheaper."
    cheaper = min((one, other), key=total).workflow.title
    return f"No break-even between 0.01 and 1,000,000 times the volume: {cheaper} is always cheaper."


def _notes(pair: tuple[Measured, Measured]) -> list[str]:
    notes = [
        f"The smaller execution processed {each.smaller.events:,} events."
        for each in pair[:1]
        if each.smaller is not None
    ]
    if all(each.requests for each in pair):
        return notes
    return [
        *notes,
        "S3 requests and bytes were not counted, because another server provides S3; their price is not included.",
    ]
