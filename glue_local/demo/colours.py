"""Scales of the report's plots: values to pixels, speeds to colours, round ticks for axes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10

from glue_local.feed.simulation.profile import local_time


@dataclass(frozen=True)
class SpeedClass:
    """A range of speeds up to ``bound`` km/h, with its colours on a white and on a dark page."""

    name: str
    bound: float
    light: str
    dark: str
    label: str


# Red to pale to blue, distinguishable with any colour blindness.
SPEEDS = (
    SpeedClass("s0", 20.0, "#7f0d2b", "#b81446", "0–20"),
    SpeedClass("s1", 40.0, "#dd4b2d", "#ee6447", "20–40"),
    SpeedClass("s2", 60.0, "#f7a850", "#f7b267", "40–60"),
    SpeedClass("s3", 80.0, "#c3d8e4", "#c3d8e4", "60–80"),
    SpeedClass("s4", 100.0, "#74a9cf", "#74a9cf", "80–100"),
    SpeedClass("s5", float("inf"), "#2c5c9e", "#4477bd", "over 100"),
)
UNKNOWN = SpeedClass("unknown", 0.0, "#d9d6cf", "#565f69", "not measured")


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its pixel and its label."""

    at: float
    label: str


def speed_class(speed: float | None) -> str:
    """Return the name of a speed's class; AWV counts 40 km/h and below as a jam."""
    if speed is None:
        return UNKNOWN.name
    return next(each.name for each in SPEEDS if speed <= each.bound)


def linear(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return a function that maps ``low`` to pixel ``start`` and ``high`` to ``end``."""
    span = (high - low) or 1.0
    return lambda value: round(start + (value - low) / span * (end - start), 2)


def ticks(low: float, high: float, wanted: int = 8) -> list[float]:
    """Return about ``wanted`` round values between ``low`` and ``high``."""
    raw = (high - low) / wanted or 1.0
    power = 10.0 ** floor(log10(raw))
    step = next((power * each for each in (1, 2, 5) if power * each >= raw), power * 10)
    # Fractions such as 0.1 are not exact: include a tick at either end.
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(step * n, 9) for n in range(first, last + 1)]


def clock(moment: datetime) -> str:
    """Format an instant as Belgian local time: 07:05."""
    return f"{local_time(moment):%H:%M}"
