"""Scales of the report's plots: values to pixels, speeds to colours, round steps for axes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10

from glue_local.feed.profile import local_time

# Red to blue through pale: told apart with every kind of colour blindness. Upper bounds in km/h.
SPEEDS = (
    (20.0, "#7f0d2b", "0–20"),
    (40.0, "#dd4b2d", "20–40"),
    (60.0, "#f7a850", "40–60"),
    (80.0, "#c3d8e4", "60–80"),
    (100.0, "#74a9cf", "80–100"),
    (float("inf"), "#2c5c9e", "over 100"),
)
UNKNOWN = "#d9d6cf"


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its pixel and its label."""

    at: float
    label: str


def speed_colour(speed: float | None) -> str:
    """Return the colour of a speed in km/h; 40 belongs to the jams, as AWV counts them."""
    if speed is None:
        return UNKNOWN
    return next(colour for bound, colour, _ in SPEEDS if speed <= bound)


def linear(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return the function that brings ``low`` to pixel ``start`` and ``high`` to ``end``."""
    span = (high - low) or 1.0
    return lambda value: round(start + (value - low) / span * (end - start), 2)


def ticks(low: float, high: float, wanted: int = 8) -> list[float]:
    """Return round values between ``low`` and ``high``, about as many as ``wanted``."""
    raw = (high - low) / wanted or 1.0
    power = 10.0 ** floor(log10(raw))
    step = next((power * each for each in (1, 2, 5) if power * each >= raw), power * 10)
    # Fractions like 0.1 are not exact: a mark that lies on an end counts.
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(step * n, 9) for n in range(first, last + 1)]


def clock(moment: datetime) -> str:
    """Return an instant as the time on a Belgian clock: 07:05."""
    return f"{local_time(moment):%H:%M}"
