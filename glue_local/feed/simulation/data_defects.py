"""Data defects of the feed: how often each occurs, and the points it affects."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from random import Random

from glue_local.feed.simulation.network import Network

# Ages of the frozen cabinets' clocks in the real minute, in minutes.
_AGES = (128 * 1440 + 267, 71 * 1440 + 249, 27 * 1440 + 44, 1870, 278, 106, 27 * 1440 + 415, 110)


@dataclass(frozen=True)
class DefectRates:
    """The rate of each data defect; 0 turns it off. The defaults are the frequencies in the real minute.

    frozen: share of cabinets that repeat one old minute forever.
    dead, defect: share of points whose loop has no signal, and of points where one loop of the pair is broken.
    irregular: 1 flags unusually fast lanes (geldig = 1) as often as in the real feed, 0 never.
    late: share of observations that arrive 1 to 15 minutes after their publication.
    duplicate: share of observations that arrive twice, 0 to 2 minutes apart.
    republished: share of observations corrected 1 or 2 minutes later (newer tijd_laatst_gewijzigd).
    """

    frozen: float = 8 / 575
    dead: float = 90 / 4254
    defect: float = 27 / 4254
    irregular: float = 1.0
    late: float = 0.003
    duplicate: float = 0.003
    republished: float = 0.002

    def but(self, **rates: float) -> "DefectRates":
        """Return a copy with other rates; raises ValueError for an unknown defect or an invalid rate."""
        for name, rate in rates.items():
            if name not in NAMES:
                raise ValueError(f"unknown data defect {name!r}: choose one of {', '.join(NAMES)}")
            if not 0 <= rate <= 1:
                raise ValueError(f"the rate of {name} must be between 0 and 1, not {rate}")
        return replace(self, **rates)


NAMES = tuple(field.name for field in fields(DefectRates))
NO_DEFECTS = DefectRates(**dict.fromkeys(NAMES, 0.0))


@dataclass(frozen=True)
class Affected:
    """What permanent defects affect: frozen cabinets with their clock's age in minutes, and points by defect."""

    frozen: dict[str, int]
    dead: frozenset[str]
    defect: frozenset[str]
    severe: frozenset[str]


def choose_affected(network: Network, defects: DefectRates, random: Random) -> Affected:
    """Choose the cabinets and points that permanent defects affect.

    A defect with a rate above 0 affects at least one, even in a small network.
    """
    points = network.points
    chosen = _sample(list(dict.fromkeys(point.lve_nr for point in points)), defects.frozen, random)
    frozen = {lve_nr: _AGES[at % len(_AGES)] for at, lve_nr in enumerate(chosen)}
    dead = frozenset(point.unieke_id for point in _sample(points, defects.dead, random))
    sound = [point for point in points if point.unieke_id not in dead and point.lve_nr not in frozen]
    defect = [point.unieke_id for point in _sample(sound, defects.defect, random)]
    # One in 27 is severe (defect = 2), but never the only one.
    severe = defect[: round(len(defect) / 27)] if len(defect) > 1 else []
    return Affected(frozen, dead, frozenset(defect) - frozenset(severe), frozenset(severe))


def _sample(things: Sequence, share: float, random: Random) -> list:  # type: ignore[type-arg]
    number = max(1, round(share * len(things))) if share > 0 and len(things) >= 4 else 0
    return random.sample(things, min(number, len(things)))


def is_irregular(speed: float, defects: DefectRates, random: Random) -> bool:
    """Return whether a lane's mean speed (km/h) is flagged: in the real minute, about one in five of the fast ones."""
    if speed < 111:
        return False
    return random.random() < defects.irregular * (0.03 if speed < 125 else 0.3 if speed < 140 else 0.9)
