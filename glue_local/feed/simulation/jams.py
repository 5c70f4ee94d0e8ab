"""Jams: each forms at a bottleneck, grows upstream, and dissolves from its head."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from math import pi, sin
from random import Random

from glue_local.feed.simulation.network import Network, Site
from glue_local.feed.simulation.profile import RUSH_HOUR, at_local, demand, is_weekend, local_time

_PER_SITE = 0.18  # jams per main site on a weekday: about 8 % of the sites jammed on a busy afternoon, as measured
_WEEKEND_SHARE = 0.3
_SLOT = 10  # minutes
_HIGHEST_SPEED = 36.0  # km/h, so that every lane of a jammed site stays below 40


@dataclass(frozen=True)
class Jam:
    """A jam on the carriageway ``ident_8``, in kilometres along the direction of travel and minutes since the epoch.

    Its tail moves upstream for ``growing`` minutes; after ``holding`` more minutes its head follows until it is gone.
    """

    ident_8: str
    front: float
    start: float
    growing: float
    holding: float
    growth: float
    dissolving: float
    speed: float

    @property
    def end(self) -> float:
        """Return the minute at which the head reaches the tail."""
        return self.start + self.growing + self.holding + self.growth * self.growing / self.dissolving

    def extent(self, minute: float) -> tuple[float, float] | None:
        """Return (tail, head) along the direction of travel, or None outside its lifetime."""
        if not self.start <= minute < self.end:
            return None
        age = minute - self.start
        tail = self.front - self.growth * min(age, self.growing)
        return tail, self.front - self.dissolving * max(0.0, age - self.growing - self.holding)

    def covers(self, way: float, minute: float) -> bool:
        """Return whether a location is inside the jam at a minute."""
        extent = self.extent(minute)
        return extent is not None and extent[0] <= way <= extent[1]

    def speed_at(self, way: float, minute: float) -> float:
        """Return the speed (km/h) at a location inside: stop-and-go waves move upstream at about 18 km/h."""
        wave = sin(2 * pi * (minute / 7 + way / 2.1))
        return max(4.0, min(_HIGHEST_SPEED, self.speed * (1 + 0.55 * wave)))


class Jams:
    """The jams of a network, planned per day from the seed; ``intensity`` 0 means none, 1 an ordinary day."""

    def __init__(self, network: Network, seed: int, intensity: float = 1.0) -> None:
        self.seed, self.intensity = seed, intensity
        self.carriageways = network.carriageways()
        self.days: dict[date, list[Jam]] = {}

    def at(self, minute: datetime) -> dict[str, list[Jam]]:
        """Return the active jams at an instant, by carriageway (Ident_8)."""
        today = local_time(minute).date()
        alive: dict[str, list[Jam]] = {}
        for day in (today - timedelta(days=1), today):
            for jam in self._on(day):
                if jam.start <= _minutes(minute) < jam.end:
                    alive.setdefault(jam.ident_8, []).append(jam)
        return alive

    def _on(self, day: date) -> list[Jam]:
        if day not in self.days:
            self.days[day] = self._plan(day) if self.intensity > 0 and self.carriageways else []
        return self.days[day]

    def _plan(self, day: date) -> list[Jam]:
        planned = [jam for ident, sites in self.carriageways.items() for jam in self._of(day, ident, sites)]
        return planned if is_weekend(day) else [*planned, self._morning_jam(day)]

    def _of(self, day: date, ident: str, sites: list[Site]) -> Iterator[Jam]:
        random = Random(f"jams {self.seed} {day} {ident}")
        midnight = at_local(day, RUSH_HOUR.min)
        slots = [midnight + timedelta(minutes=slot) for slot in range(0, 1440, _SLOT)]
        weights = [demand(slot) ** 4 for slot in slots]
        expected = _PER_SITE * len(sites) * self.intensity * (_WEEKEND_SHARE if is_weekend(day) else 1)
        for _ in range(int(expected + random.random())):
            start = _minutes(random.choices(slots, weights)[0]) + random.uniform(0, _SLOT)
            yield Jam(
                ident,
                front=random.choice(sites).way + 0.05,
                start=start,
                growing=random.uniform(12, 45),
                holding=random.uniform(0, 30),
                growth=random.uniform(0.12, 0.3),
                dissolving=random.uniform(0.25, 0.5),
                speed=random.uniform(8, 28),
            )

    def _morning_jam(self, day: date) -> Jam:
        """Return the jam that every weekday has, from 06:47 to about 07:07, placed where it covers most sites."""
        growing, growth = 12, 0.3
        ident, front, _ = max(
            (
                (ident, site.way, sum(site.way - growing * growth <= other.way <= site.way for other in sites))
                for ident, sites in self.carriageways.items()
                for site in sites
            ),
            key=lambda place: place[2],
        )
        return Jam(ident, front + 0.05, _minutes(at_local(day, RUSH_HOUR)) + 2, growing, 1, growth, 0.5, 20)


def _minutes(moment: datetime) -> float:
    return moment.timestamp() / 60


def jam_truth(jams: Jams, start: datetime, minutes: int) -> list[dict[str, str]]:
    """Return the jammed sites in a simulated period with their start and end, one row per jam and site.

    Keys: road, ident_8, kmp_rsys, from (first jammed minute) and to (the minute after the last), in ISO 8601 and UTC.
    """
    spans: dict[tuple[Jam, Site], list[datetime]] = {}
    for moment in (start + timedelta(minutes=at) for at in range(minutes)):
        for ident, alive in jams.at(moment).items():
            for jam, site in _covered(alive, jams.carriageways[ident], _minutes(moment)):
                spans.setdefault((jam, site), []).append(moment)
    return [_row(site, moments) for (_, site), moments in spans.items()]


def _covered(alive: Iterable[Jam], sites: list[Site], minute: float) -> Iterator[tuple[Jam, Site]]:
    return ((jam, site) for jam in alive for site in sites if jam.covers(site.way, minute))


def _row(site: Site, moments: list[datetime]) -> dict[str, str]:
    return {
        "road": site.road,
        "ident_8": site.ident_8,
        "kmp_rsys": site.kmp_rsys,
        "from": moments[0].astimezone(timezone.utc).isoformat(),
        "to": (moments[-1] + timedelta(minutes=1)).astimezone(timezone.utc).isoformat(),
    }
