"""The map: all sites, coloured by their speed in one minute, with roads and a few towns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

from glue_local.demo.colours import clock, linear, speed_class
from glue_local.demo.results import Site
from glue_local.feed.simulation.roads import ROADS, Road

WIDTH = 1120
_MARGIN = 26
_SCALE, _KM_PER_DEGREE = 20, 111.2  # kilometres
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOWNS = (
    ("Antwerpen", 4.402, 51.219),
    ("Gent", 3.722, 51.054),
    ("Brugge", 3.224, 51.209),
    ("Brussel", 4.352, 50.847),
    ("Leuven", 4.701, 50.879),
    ("Hasselt", 5.338, 50.930),
    ("Kortrijk", 3.265, 50.828),
    ("Mechelen", 4.478, 51.026),
    ("Turnhout", 4.945, 51.322),
    ("Oostende", 2.917, 51.225),
)


@dataclass(frozen=True)
class Dot:
    """A site on the map; ``title`` is its tooltip."""

    x: float
    y: float
    speed: str
    """The name of its speed's class."""
    radius: float
    name: str
    title: str
    speeds: str
    """Its speed in every minute as two base-36 digits, ``--`` if not measured."""


@dataclass(frozen=True)
class Label:
    """A label at a position."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Scale:
    """The scale bar: its length in pixels and in kilometres."""

    length: float
    kilometres: int


@dataclass(frozen=True)
class Map:
    """The map's geometry for the template, in pixels."""

    width: int
    height: int
    minute: int
    """Index in ``minutes`` of the minute that is drawn."""
    minutes: list[str]
    jammed: int
    roads: list[str]
    """Polyline points."""
    shields: list[Label]
    """The names of roads, at the middle of each."""
    towns: list[Label]
    dots: list[Dot]
    scale: Scale


def draw(sites: Sequence[Site], minute: datetime) -> Map:
    """Return the map at ``minute``; slow sites are larger and drawn on top."""
    west, east = min(site.longitude for site in sites), max(site.longitude for site in sites)
    south, north = min(site.latitude for site in sites), max(site.latitude for site in sites)
    # At this latitude, a degree of longitude is a third shorter than a degree of latitude.
    shape = (north - south) / (((east - west) or 1.0) * cos(radians((north + south) / 2)))
    height = round(min(760, max(300, WIDTH * shape)))
    x, y = linear(west, east, _MARGIN, WIDTH - _MARGIN), linear(south, north, height - _MARGIN, _MARGIN)
    speeds = {id(site): next((r for r in site.readings if r.minute == minute), None) for site in sites}
    minutes = sorted({reading.minute for site in sites for reading in site.readings})
    measured = [(site, reading) for site in sites if (reading := speeds[id(site)])]
    # Drawing order: unmeasured sites, then fast ones, then slow ones.
    measured.sort(key=lambda pair: (pair[1].speed is not None, -(pair[1].speed or 0)))
    dots = [
        Dot(
            x(site.longitude),
            y(site.latitude),
            speed_class(reading.speed),
            _radius(reading.speed),
            f"{site.road}, km {site.kmp:g}",
            f"{site.road}, km {site.kmp:g}: {_text(reading.speed)} at {clock(minute)}",
            _packed(site, minutes),
        )
        for site, reading in measured
    ]
    numbers = {site.ident_8[:4] for site in sites}
    roads = [road for road in ROADS if road.number in numbers]
    towns = [
        Label(min(max(x(lon), 6 * len(name)), WIDTH - 6 * len(name)), y(lat), name)
        for name, lon, lat in _TOWNS
        if west < lon < east and south < lat < north
    ]
    jammed = sum(reading.jammed for _, reading in measured)
    pixels_per_km = (x(east) - x(west)) / (((east - west) or 1.0) * _KM_PER_DEGREE * cos(radians((north + south) / 2)))
    return Map(
        WIDTH,
        height,
        minutes.index(minute),
        [clock(each) for each in minutes],
        jammed,
        [" ".join(f"{x(lon)},{y(lat)}" for _, lon, lat in road.places) for road in roads],
        [_shield(road, x, y) for road in roads],
        towns,
        dots,
        Scale(round(_SCALE * pixels_per_km, 1), _SCALE),
    )


def _shield(road: Road, x: Callable[[float], float], y: Callable[[float], float]) -> Label:
    _, longitude, latitude = road.at(road.length / 2)
    return Label(min(max(x(longitude), _MARGIN), WIDTH - _MARGIN), y(latitude), road.name)


def _packed(site: Site, minutes: Sequence[datetime]) -> str:
    speeds = {reading.minute: reading.speed for reading in site.readings}
    return "".join(_two_digits(speeds.get(minute)) for minute in minutes)


def _two_digits(speed: float | None) -> str:
    if speed is None:
        return "--"
    whole = min(round(speed), 36 * 36 - 1)
    return _DIGITS[whole // 36] + _DIGITS[whole % 36]


def _radius(speed: float | None) -> float:
    if speed is None:
        return 2.2
    return 5.2 if speed <= 40 else 3.4


def _text(speed: float | None) -> str:
    return "not measured" if speed is None else f"{speed:.0f} km/h"
