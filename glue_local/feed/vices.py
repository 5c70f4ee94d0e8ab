"""What is wrong with the feed: how often each fault of the real one occurs, and which points it strikes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from random import Random

from glue_local.feed.network import Network

# How old the clocks of frozen cabinets were in the real minute, in minutes.
_AGES = (128 * 1440 + 267, 71 * 1440 + 249, 27 * 1440 + 44, 1870, 278, 106, 27 * 1440 + 415, 110)


@dataclass(frozen=True)
class Vices:
    """How often each fault occurs; 0 switches one off. The defaults are the real minute's frequencies.

    frozen: share of cabinets that repeat one old minute for ever.
    dead, defect: share of points whose loop sees nothing, and of points with one loop of the pair broken.
    irregular: 1 flags unusually fast lanes (geldig = 1) as often as in reality, 0 never.
    late: share of observations that arrive 1 to 15 minutes after their publication.
    duplicate: share of observations that arrive twice, 0 to 2 minutes apart.
    republished: share of observations that are corrected 1 or 2 minutes later (newer tijd_laatst_gewijzigd).
    """

    frozen: float = 8 / 575
    dead: float = 90 / 4254
    defect: float = 27 / 4254
    irregular: float = 1.0
    late: float = 0.003
    duplicate: float = 0.003
    republished: float = 0.002

    def but(self, **rates: float) -> "Vices":
        """Return these vices with other rates; raises ValueError naming an unknown vice or an impossible rate."""
        for name, rate in rates.items():
            if name not in NAMES:
                raise ValueError(f"no vice is called {name!r}; there are {', '.join(NAMES)}")
            if not 0 <= rate <= 1:
                raise ValueError(f"the rate of {name} is a share between 0 and 1, not {rate}")
        return replace(self, **rates)


NAMES = tuple(field.name for field in fields(Vices))
NO_VICES = Vices(**dict.fromkeys(NAMES, 0.0))


@dataclass(frozen=True)
class Stricken:
    """Where faults that last have struck: frozen cabinets with the age of their clock in minutes, points by fate."""

    frozen: dict[str, int]
    dead: frozenset[str]
    defect: frozenset[str]
    severe: frozenset[str]


def strike(network: Network, vices: Vices, random: Random) -> Stricken:
    """Return which cabinets and points the lasting vices strike.

    A vice that is switched on strikes at least once, however small the network, as long as most of it stays sound.
    """
    points = network.points
    chosen = _sample(list(dict.fromkeys(point.lve_nr for point in points)), vices.frozen, random)
    frozen = {lve_nr: _AGES[at % len(_AGES)] for at, lve_nr in enumerate(chosen)}
    dead = frozenset(point.unieke_id for point in _sample(points, vices.dead, random))
    sound = [point for point in points if point.unieke_id not in dead and point.lve_nr not in frozen]
    defect = [point.unieke_id for point in _sample(sound, vices.defect, random)]
    # One in 27 is the severe kind (defect = 2), never the only one.
    severe = defect[: round(len(defect) / 27)] if len(defect) > 1 else []
    return Stricken(frozen, dead, frozenset(defect) - frozenset(severe), frozenset(severe))


def _sample(things: Sequence, share: float, random: Random) -> list:  # type: ignore[type-arg]
    number = max(1, round(share * len(things))) if share > 0 and len(things) >= 4 else 0
    return random.sample(things, min(number, len(things)))


def is_irregular(speed: float, vices: Vices, random: Random) -> bool:
    """Return whether a lane's mean speed (km/h) gets flagged: in the real minute only fast ones, about one in five."""
    if speed < 111:
        return False
    return random.random() < vices.irregular * (0.03 if speed < 125 else 0.3 if speed < 140 else 0.9)
