"""Roadside cabinets (LVE): like the real ones, each serves cross-sections of both carriageways and of ramps."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from glue_local.feed.miv.configuration import comma
from glue_local.feed.simulation.roads import Road

# Frequencies of lane sets on main carriageways and on ramps, from the configuration of 2017.
_MAIN_LANES = {
    "R10 R11": 355,
    "R10 R11 R12": 326,
    "R10 R11 R12 R13": 37,
    "R09 R10 R11 R12": 35,
    "R09 R10 R11": 22,
    "B09 R10 R11": 20,
    "R08 R09 R10 R11 R12": 19,
    "S09 R10 R11 R12": 18,
    "P00 R10 R11": 14,
    "R10": 13,
    "B09 R10 R11 R12": 11,
    "R10 R11 R12 TR10 TR11 TR12": 10,
    "S09 R10 R11": 10,
    "R10 R11 TR10 TR11": 9,
    "R08 R09 R10 R11": 7,
    "P00 R10 R11 R12": 7,
    "R07 R08 R09 R10": 7,
    "R07 R08 R09 R10 R11 R12": 4,
    "R09 R10 R11 R12 R13": 3,
    "R08 S09 R10 R11 R12": 3,
    "R06 R07 R08 R09 R10 R11 R12": 1,
}
_RAMP_LANES = {"R10": 952, "R10 R11": 252, "R09 R10": 7, "R10 R11 R12": 5, "P00 R10": 4, "B09 R10": 3, "W09 R10": 2}

# (main cross-sections, ramps) of one cabinet, with weights that reproduce the real mix: 418 of 575 cabinets have more
# than one Ident_8, 356 both carriageways, 303 main road and ramps.
_SHAPES = {
    (2, 0): 155, (2, 1): 45, (2, 2): 60, (2, 3): 33, (2, 4): 40, (2, 6): 8, (4, 0): 20, (4, 2): 10,
    (1, 0): 50, (1, 1): 35, (1, 2): 20, (1, 4): 14, (0, 2): 25, (0, 4): 55, (0, 5): 18, (0, 8): 12,
}  # fmt: skip

_KM_LOST = 0.0135  # of the ramps: 21 points of the real configuration have no kilometre


@dataclass(frozen=True)
class Draft:
    """A cross-section without ids yet; ``direction`` is +1 if kilometres increase in the direction of travel."""

    ident_8: str
    kmp_rsys: str
    km: float
    direction: int
    main: bool
    name: str
    lanes: tuple[str, ...]


@dataclass(frozen=True)
class Cabinet:
    """One LVE; ``exit`` is its number along the road, ``sparse`` puts S instead of H in its points' descriptive ids."""

    exit: int
    sparse: bool
    drafts: tuple[Draft, ...]


def cabinets(road: Road, points: int, random: Random) -> Iterator[Cabinet]:
    """Yield the cabinets of a road by increasing kilometre, with exactly ``points`` lanes in total."""
    plans = list(_plans(points, random))
    # Part of a road keeps the real spacing of about a kilometre between cabinets.
    length = min(road.length - 0.5, max(1.2 * len(plans), 2.0))
    step = length / len(plans)
    for at, lane_sets in enumerate(plans):
        km = 0.2 + step * (at + random.uniform(0.15, 0.85))
        drafts = list(_drafts(road, km, at + 1, lane_sets, random))
        yield Cabinet(at + 1, random.random() < 0.24, tuple(drafts))


_LaneSets = list[tuple[bool, tuple[str, ...]]]


def _plans(points: int, random: Random) -> Iterator[_LaneSets]:
    """Yield the (main, lanes) pairs of each cabinet until the points are used up; the last cabinet may be smaller."""
    while points:
        plan: _LaneSets = []
        mains, ramps = random.choices(list(_SHAPES), list(_SHAPES.values()))[0]
        alike = _lanes(_MAIN_LANES, random)
        for main in [True] * mains + [False] * ramps:
            # Opposite cross-sections usually have the same lanes.
            lanes = (
                _lanes(_RAMP_LANES, random)
                if not main
                else alike
                if random.random() < 0.7
                else _lanes(_MAIN_LANES, random)
            )
            fitting = lanes if len(lanes) <= points else ("R10", "R11", "R12")[: min(points, 3)]
            if fitting:
                plan.append((main, fitting))
                points -= len(fitting)
        yield plan


def _lanes(weights: dict[str, int], random: Random) -> tuple[str, ...]:
    return tuple(random.choices(list(weights), list(weights.values()))[0].split())


def _drafts(road: Road, km: float, exit: int, lane_sets: _LaneSets, random: Random) -> Iterator[Draft]:
    town = road.at(km)[0]
    first = random.choice((1, -1))
    ramp = 0
    for at, (main, lanes) in enumerate(lane_sets):
        direction = first if at % 2 == 0 else -first
        if main:
            here = round(km + 0.35 * (at // 2) + random.uniform(-0.02, 0.02), 3)
            name = f"Snede {town} kmpt. {comma(here, 1)}"
            yield Draft(
                f"{road.number}000{1 if direction > 0 else 2}", comma(here, 3), here, direction, True, name, lanes
            )
        else:
            ramp += 1
            ident = f"{road.number}{exit:02d}{ramp}1"
            along = "" if random.random() < _KM_LOST else comma(random.uniform(0.05, 0.6), 3)
            yield Draft(ident, along, km, direction, False, f"complex {town} ({exit})", lanes)
