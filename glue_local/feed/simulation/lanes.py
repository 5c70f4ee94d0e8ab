"""Simulate one lane for one minute: the vehicles that pass, their speeds, and the loop's measurements."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from random import Random

from glue_local.feed.simulation.network import Point, Site

# Vehicles per minute at full demand; shares of classes 2 to 5; free speed of cars (km/h), measured per kind of lane.
_MAIN = {
    "R07": (14.6, (0.68, 0.13, 0.08, 0.11), 66),
    "R08": (15.6, (0.67, 0.17, 0.06, 0.10), 80),
    "R09": (13.2, (0.67, 0.18, 0.04, 0.11), 85),
    "S09": (12.2, (0.36, 0.06, 0.11, 0.47), 100),
    "R10": (14.6, (0.50, 0.12, 0.10, 0.28), 101),
    "R11": (18.4, (0.76, 0.16, 0.03, 0.05), 113),
    "R12": (19.6, (0.81, 0.17, 0.01, 0.01), 120),
    "R13": (18.4, (0.79, 0.17, 0.02, 0.02), 116),
}
_RAMP = {
    "R10": (7.8, (0.72, 0.12, 0.06, 0.10), 73),
    "R11": (8.4, (0.83, 0.12, 0.02, 0.03), 80),
}
_BUS = (0.1, (0.5, 0.0, 0.5, 0.0), 85)  # bus lanes: empty in 94 % of the minutes
_NONE = (0.0, (0.0, 0.0, 0.0, 0.0), 90)  # hard shoulders and wrong-way lanes

_CLASS_1 = 0.00025  # of all vehicles
_SLOWER = (0, 0, 1, 15, 16)  # km/h below cars, per class, in free flow
_SPREAD = (7.0, 7.0, 7.0, 4.0, 3.5)  # km/h, standard deviation within a class
_LENGTHS = (2.3, 5.8, 7.1, 10.5, 17.0)  # metres per class, including the loop's length
_NO_VEHICLES, _IMPOSSIBLE = 252, 254

# Vehicles per minute through a lane at a jammed speed (km/h): the measured flow-speed curve.
_THROUGHPUT = ((0, 2), (8, 6), (10, 9), (15, 12), (16, 13), (23, 16), (34, 21), (39, 24), (200, 24))


@dataclass(frozen=True)
class Lane:
    """A lane's parameters: vehicles per minute at full demand and free speed (km/h), per class 1 to 5."""

    point: Point
    flows: tuple[float, ...]
    speeds: tuple[float, ...]


@dataclass(frozen=True)
class Passage:
    """The exact traffic of a minute: count, arithmetic and harmonic mean speed per class (0 without vehicles)."""

    counts: list[int]
    arithmetic: list[float]
    harmonic: list[float]
    occupancy: int
    variance: int


def lanes(site: Site, random: Random) -> list[Lane]:
    """Return the lanes of a site; how busy and fast a site is applies to all its lanes."""
    urban = 0.94 if site.road.startswith("R") else 1.0
    busy = random.lognormvariate(-0.045, 0.3) if site.main else random.lognormvariate(-0.25, 0.7)
    fast = random.gauss(urban, 0.065) if site.main else random.gauss(1.0, 0.2)
    return [_lane(point, site.main, busy, max(0.45, min(1.3, fast)), random) for point in site.points]


def _lane(point: Point, main: bool, busy: float, fast: float, random: Random) -> Lane:
    flow, shares, free = _kind(point.rijstrook, main)
    free_speed = free * fast * random.gauss(1, 0.03)
    flow = min(flow * busy, 34.0)
    speeds = [free_speed - slower for slower in _SLOWER]
    # Lorries have a 90 km/h speed limiter.
    speeds[3:] = [min(speed, 89.0) for speed in speeds[3:]]
    return Lane(point, (flow * _CLASS_1, *(flow * share for share in shares)), tuple(speeds))


def _kind(code: str, main: bool) -> tuple[float, tuple[float, ...], int]:
    if code.startswith(("P", "T", "W", "A")):
        return _NONE
    if code.startswith("B"):
        return _BUS
    if main:
        return _MAIN.get(code, _MAIN["R07"])
    return _RAMP["R10" if code <= "R10" else "R11"]


def pass_by(lane: Lane, demand: float, jam: float | None, random: Random, deviates: Sequence[float]) -> Passage:
    """Simulate a lane for a minute of ``demand`` (0 to 1); ``jam`` is the jammed speed in km/h, or None.

    ``deviates`` are at least 1000 standard normal numbers from which vehicle speeds are taken.
    """
    flow = sum(lane.flows) * demand
    scale, pace, spread = demand, 1.0, 1.0
    if jam is not None and flow > 1:
        scale, spread = demand * _throughput(jam) / flow, 0.3
    elif flow > 21:
        pace = 1 - 0.025 * (flow - 21)
    counts, arithmetic, harmonic = [0] * 5, [0.0] * 5, [0.0] * 5
    covered = total = squares = 0.0
    number = random.random
    for k, expected in enumerate(lane.flows):
        n = _poisson(expected * scale, number)
        if not n:
            continue
        mean = lane.speeds[k] * pace if jam is None else jam
        width = _SPREAD[k] * spread
        at = int(number() * (len(deviates) - n))
        speeds = [max(mean + width * deviate, 3.0) for deviate in deviates[at : at + n]]
        counts[k], inverse, sum_of_speeds = n, sum([1 / speed for speed in speeds]), sum(speeds)
        arithmetic[k], harmonic[k] = sum_of_speeds / n, n / inverse
        covered += _LENGTHS[k] * 3.6 * inverse
        total += sum_of_speeds
        squares += sum([speed * speed for speed in speeds])
    return Passage(counts, arithmetic, harmonic, _occupancy(covered, total, counts), _variance(total, squares, counts))


def _poisson(expected: float, number: Callable[[], float]) -> int:
    if expected < 0.01:
        # Two vehicles are too unlikely to matter.
        return int(expected > 0 and number() < expected)
    limit, product, n = exp(-expected), number(), 0
    while product > limit:
        product *= number()
        n += 1
    return n


def _throughput(speed: float) -> float:
    for (v0, q0), (v1, q1) in pairwise(_THROUGHPUT):
        if speed <= v1:
            return q0 + (q1 - q0) * (speed - v0) / (v1 - v0)
    return _THROUGHPUT[-1][1]


def _occupancy(covered: float, total: float, counts: list[int]) -> int:
    """Return the percentage of the minute in which a vehicle covered the loop; slow traffic also stops on it."""
    n = sum(counts)
    slow = max(0.0, 14 - total / n) if n else 0.0
    return min(100, int(covered / 60 * 100 * (1 + 0.018 * slow * slow)))


def _variance(total: float, squares: float, counts: list[int]) -> int:
    n = sum(counts)
    return max(0, round(squares / n - (total / n) ** 2)) if n else 0


def reported(passage: Passage) -> tuple[list[int], list[int], list[int]]:
    """Return counts, arithmetic and harmonic speeds per class as the loop reports them.

    Without vehicles the arithmetic speed is 0 and the harmonic speed 252, as in the real feed; the schema documents
    252 for both.
    """
    arithmetic = [round(speed) for speed in passage.arithmetic]
    harmonic = [round(speed) if n else _NO_VEHICLES for n, speed in zip(passage.counts, passage.harmonic, strict=True)]
    return passage.counts, arithmetic, harmonic


def no_signal(impossible: bool) -> tuple[list[int], list[int], list[int]]:
    """Return the report of a loop without signal: 254 ("calculation not possible") if it is dead, else 252."""
    return [0] * 5, [0] * 5, [_IMPOSSIBLE if impossible else _NO_VEHICLES] * 5
