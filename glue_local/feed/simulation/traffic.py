"""Simulate the feed minute by minute, with jams and data defects, and the ground truth of each event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import count
from random import Random

from glue_local.feed.event import FIELDS, Event, Minute, iso
from glue_local.feed.simulation.arrivals import Arrivals
from glue_local.feed.simulation.data_defects import DefectRates, choose_affected, is_irregular
from glue_local.feed.simulation.ground_truth import Truth
from glue_local.feed.simulation.jams import Jams
from glue_local.feed.simulation.lanes import Lane, Passage, lanes, no_signal, pass_by, reported
from glue_local.feed.simulation.network import Network, Site
from glue_local.feed.simulation.profile import demand

# Measured delays from the start of a minute: last update of most points, of the others, and publication.
_UPDATED, _UPDATED_LATER = timedelta(seconds=74), timedelta(seconds=108)
PUBLISHED = timedelta(seconds=114, milliseconds=399)
_OTHERS = 0.0125


def simulate(
    network: Network,
    start: datetime,
    minutes: int | None,
    seed: int,
    defects: DefectRates | None = None,
    jams: float = 1.0,
) -> Iterator[tuple[Minute, list[Truth]]]:
    """Yield each published minute with the ground truth of its events, in the same order.

    ``start`` is an aware datetime, rounded down to the minute; with ``minutes`` None the simulation does not end;
    ``jams`` scales the number of jams (0 for none). The same network, start, seed and defects give byte-identical
    events. Delayed events are published with the last minute at the latest. Raises ValueError for a naive start.
    """
    if start.tzinfo is None:
        raise ValueError(f"the start {start.isoformat()} has no offset: write 2026-03-02T06:45:00+01:00")
    first = start.astimezone(timezone.utc).replace(second=0, microsecond=0)
    chosen = defects or DefectRates()
    traffic = Traffic(network, first, seed, chosen, Jams(network, seed, jams))
    arrivals = Arrivals(chosen, Random(f"arrivals {seed}"))
    for at in count() if minutes is None else range(minutes):
        moment = first + timedelta(minutes=at)
        published = moment + PUBLISHED
        arrived = arrivals.publish(traffic.minute(moment), published, last=at + 1 == minutes)
        yield Minute(published, [event for event, _ in arrived], network.changed), [truth for _, truth in arrived]


@dataclass(frozen=True)
class _Stamp:
    """The values that all observations of one minute share."""

    start: datetime
    observed: str
    updated: str
    updated_later: str
    actual: str

    @classmethod
    def of(cls, start: datetime, frozen: bool) -> "_Stamp":
        return cls(
            start,
            str(int(start.timestamp())),
            iso(start + _UPDATED),
            iso(start + _UPDATED_LATER),
            "0" if frozen else "1",
        )


class Traffic:
    """The observations of all points, minute by minute."""

    def __init__(self, network: Network, start: datetime, seed: int, defects: DefectRates, jams: Jams) -> None:
        random = Random(f"traffic {seed}")
        self.seed, self.defects, self.jams = seed, defects, jams
        self.sites = [(site, lanes(site, random)) for site in network.sites]
        self.affected = choose_affected(network, defects, random)
        self.deviates = [random.gauss(0, 1) for _ in range(8192)]
        self.texts = [str(number) for number in range(4096)]
        self.frozen = dict(self._freeze(start))

    def minute(self, moment: datetime) -> Iterator[tuple[Event, Truth]]:
        """Yield each point's observation of the minute starting at ``moment``; frozen points repeat theirs."""
        random = Random(f"minute {self.seed} {moment.timestamp():.0f}")
        stamp, busy, alive = _Stamp.of(moment, frozen=False), demand(moment), self.jams.at(moment)
        minute = moment.timestamp() / 60
        for site, site_lanes in self.sites:
            now = busy * random.gauss(1, 0.08)
            jam = next(
                (j.speed_at(site.way, minute) for j in alive.get(site.ident_8, ()) if j.covers(site.way, minute)), None
            )
            for lane in site_lanes:
                frozen = self.frozen.get(lane.point.unieke_id)
                yield frozen or self._observe(site, lane, stamp, (now, jam if site.main else None), random)

    def _freeze(self, start: datetime) -> Iterator[tuple[str, tuple[Event, Truth]]]:
        for site, site_lanes in self.sites:
            age = self.affected.frozen.get(site.points[0].lve_nr)
            if age is None:
                continue
            stopped = start - timedelta(minutes=age)
            random = Random(f"frozen {self.seed} {site.ident_8} {site.kmp_rsys}")
            for lane in site_lanes:
                seen = self._observe(site, lane, _Stamp.of(stopped, frozen=True), (demand(stopped), None), random)
                yield lane.point.unieke_id, seen

    def _observe(
        self, site: Site, lane: Lane, stamp: _Stamp, traffic: tuple[float, float | None], random: Random
    ) -> tuple[Event, Truth]:
        point = lane.point
        passage = pass_by(lane, *traffic, random, self.deviates)
        updated = stamp.updated if random.random() > _OTHERS else stamp.updated_later
        (defect, irregular, available), measured, defects = self._fault(point.unieke_id, passage, random)
        if stamp.actual == "0":
            defects = ["frozen", *defects]
        texts = self.texts
        values = [
            point.beschrijvende_id, point.unieke_id, point.lve_nr, stamp.observed, updated,
            stamp.actual, "1", defect, irregular,
        ]  # fmt: skip
        for number, arithmetic, harmonic in zip(*measured, strict=True):
            values += (texts[number], texts[arithmetic], texts[harmonic])
        seen = defect == "0" and available == "100"
        values += (
            (texts[passage.occupancy], available, texts[min(passage.variance, 4095)]) if seen else ("0", available, "0")
        )
        truth = Truth(
            point.unieke_id, int(stamp.observed), updated, site.ident_8, site.kmp_rsys, point.rijstrook, defects
        )
        truth.jam = traffic[1] is not None
        truth.counts, truth.speeds = passage.counts, [round(speed, 3) for speed in passage.harmonic]
        return dict(zip(FIELDS, values, strict=True)), truth

    def _fault(
        self, unieke_id: str, passage: Passage, random: Random
    ) -> tuple[tuple[str, str, str], tuple[list[int], list[int], list[int]], list[str]]:
        """Return (defect, geldig, beschikbaarheidsgraad), the loop's report, and the names of the defects in it."""
        if unieke_id in self.affected.dead:
            return ("0", "0", "0"), no_signal(impossible=True), ["dead"]
        if unieke_id in self.affected.defect:
            return ("1", "0", "100"), no_signal(impossible=False), ["defect"]
        if unieke_id in self.affected.severe:
            return ("2", "3", "100"), ([0, 1, 0, 0, 0], [0, 2, 0, 0, 0], [0] * 5), ["defect"]
        n = sum(passage.counts)
        if n:
            speed = sum([c * v for c, v in zip(passage.counts, passage.arithmetic, strict=True)]) / n
            if is_irregular(speed, self.defects, random):
                return ("0", "1", "100"), reported(passage), ["irregular"]
        return ("0", "0", "100"), reported(passage), []
