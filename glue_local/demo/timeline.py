"""The timeline of the demo: phases, execution states and Glue runs as bars over seconds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from glue_local.demo.colours import Tick, linear, ticks

WIDTH = 1120
_LEFT, _RIGHT, _TOP, _ROW = 208, 76, 10, 30


@dataclass(frozen=True)
class Span:
    """A time span: a ``phase`` of the demo, a ``state`` of the execution, or a Glue ``run``."""

    name: str
    kind: str
    began: datetime
    ended: datetime
    failed: bool = False
    note: str = ""

    @property
    def seconds(self) -> float:
        """Its duration in seconds."""
        return (self.ended - self.began).total_seconds()


@dataclass(frozen=True)
class Bar:
    """The drawing of a span."""

    x: float
    y: float
    width: float
    kind: str
    name: str
    seconds: str
    title: str


@dataclass(frozen=True)
class Timeline:
    """The timeline's geometry for the template, in pixels."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    bars: list[Bar]
    seconds: list[Tick]


def draw(spans: Sequence[Span]) -> Timeline:
    """Return the timeline of spans, one row each in the given order; time starts with the first span."""
    start = min(span.began for span in spans)
    whole = max((span.ended - start).total_seconds() for span in spans)
    x = linear(0, whole, _LEFT, WIDTH - _RIGHT)
    bottom = _TOP + _ROW * len(spans)
    bars = [_bar(span, x((span.began - start).total_seconds()), x, _TOP + _ROW * row) for row, span in enumerate(spans)]
    marks = [Tick(x(second), f"{second:g}") for second in ticks(0, whole, 10)]
    return Timeline(WIDTH, bottom + 44, _LEFT, WIDTH - _RIGHT, bottom, bars, marks)


def _bar(span: Span, left: float, x: Callable[[float], float], y: float) -> Bar:
    width = max(2.0, round(x(span.seconds) - x(0), 2))
    note = f": {span.note}" if span.note else ""
    kind = f"{span.kind} failed" if span.failed else span.kind
    return Bar(left, y, width, kind, span.name, f"{span.seconds:.1f} s", f"{span.name}, {span.seconds:.1f} s{note}")
