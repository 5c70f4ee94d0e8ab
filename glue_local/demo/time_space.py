"""The time-space diagram of one carriageway: kilometres over minutes, coloured by speed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from glue_local.demo.colours import Tick, clock, linear, speed_class, ticks
from glue_local.demo.results import Site

WIDTH, HEIGHT = 1120, 470
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 20, 12, 48
# A site covers at most this many kilometres of road on each side.
_REACH = 1.5


@dataclass(frozen=True)
class Cell:
    """The speed of a site in a minute."""

    x: float
    y: float
    width: float
    height: float
    speed: str
    """The name of its speed's class."""
    title: str


@dataclass(frozen=True)
class TimeSpace:
    """The diagram's geometry for the template, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    road: str
    cells: list[Cell]
    kilometres: list[Tick]
    minutes: list[Tick]


def draw(sites: Sequence[Site], ident_8: str) -> TimeSpace:
    """Return the diagram of the carriageway ``ident_8``; traffic moves upwards in either direction of kilometres."""
    along = sorted((site for site in sites if site.ident_8 == ident_8), key=lambda site: site.kmp)
    minutes = sorted({reading.minute for site in along for reading in site.readings})
    bounds = _bounds([site.kmp for site in along])
    low, high = bounds[0][0], bounds[-1][1]
    bottom, top = HEIGHT - _BOTTOM, _TOP
    y = linear(low, high, bottom, top) if ident_8.endswith("1") else linear(low, high, top, bottom)
    end = minutes[-1] + timedelta(minutes=1)
    x = linear(minutes[0].timestamp(), end.timestamp(), _LEFT, WIDTH - _RIGHT)
    wide = x(minutes[0].timestamp() + 60) - x(minutes[0].timestamp())
    cells = []
    for site, (begins, ends) in zip(along, bounds, strict=True):
        upper, lower = sorted((y(begins), y(ends)))
        for reading in site.readings:
            speed = "not measured" if reading.speed is None else f"{reading.speed:.0f} km/h"
            title = f"km {site.kmp:g} at {clock(reading.minute)}: {speed}"
            left = x(reading.minute.timestamp())
            # Overlap slightly, to avoid hairlines between cells.
            cells.append(
                Cell(
                    left, upper, round(wide + 0.4, 2), round(lower - upper + 0.4, 2), speed_class(reading.speed), title
                )
            )
    kilometres = [Tick(y(km), f"{km:g}") for km in ticks(low, high)]
    times = [Tick(x(minute.timestamp()), clock(minute)) for minute in minutes if minute.minute % 5 == 0]
    road = along[0].road
    return TimeSpace(WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, top, bottom, road, cells, kilometres, times)


def _bounds(kilometres: Sequence[float]) -> list[tuple[float, float]]:
    """Return the stretch of road each site covers: halfway to its neighbours, at most ``_REACH``."""
    found = []
    for at, km in enumerate(kilometres):
        before = (kilometres[at - 1] + km) / 2 if at else km - _REACH / 3
        after = (kilometres[at + 1] + km) / 2 if at + 1 < len(kilometres) else km + _REACH / 3
        found.append((max(before, km - _REACH), min(after, km + _REACH)))
    return found
