"""The result of a benchmark: a figure, its budget, and whether it is met."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Figure(NamedTuple):
    """One row of the table; ``figure``, ``budget`` and ``detail`` are text."""

    what: str
    figure: str
    budget: str
    met: bool
    detail: str


def median_seconds(action: Callable[[], object], repeats: int = 5) -> float:
    """Return the median duration of ``action`` in seconds."""
    return statistics.median(seconds(action) for _ in range(repeats))


def seconds(action: Callable[[], object]) -> float:
    """Return the duration of one call of ``action`` in seconds."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
