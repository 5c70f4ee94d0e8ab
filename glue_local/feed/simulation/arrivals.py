"""The way from publication to arrival: some observations come late, twice, or corrected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from glue_local.feed.event import Event, instant, iso
from glue_local.feed.truth import Truth
from glue_local.feed.vices import Vices

_Seen = tuple[Event, Truth]

_LATEST = 15  # minutes


class Arrivals:
    """Decides in which published minute each observation appears; ``due`` holds what is on its way, by minutes to go."""

    def __init__(self, vices: Vices, random: Random) -> None:
        self.vices, self.random = vices, random
        self.due: dict[int, list[_Seen]] = {}
        self.now = 0

    def publish(self, observations: Iterable[_Seen], published: datetime, last: bool) -> list[_Seen]:
        """Return what a minute publishes: its observations, then what arrives late; ``last`` flushes everything."""
        on_time: list[_Seen] = []
        for seen in observations:
            self._send(seen, on_time)
        arrived = self.due.pop(self.now, [])
        if last:
            arrived += [seen for minute in sorted(self.due) for seen in self.due[minute]]
            self.due.clear()
        self.now += 1
        stamp = published.isoformat()
        return [(event, replace(truth, published=stamp)) for event, truth in [*on_time, *arrived]]

    def _send(self, seen: _Seen, on_time: list[_Seen]) -> None:
        draw = self.random.random()
        vices = self.vices
        if seen[1].vices[:1] == ["frozen"] or draw >= vices.late + vices.duplicate + vices.republished:
            on_time.append(seen)
        elif draw < vices.late:
            self._later(_marked(seen, "late"), self.random.randint(1, _LATEST))
        elif draw < vices.late + vices.duplicate:
            on_time.append(_marked(seen, "duplicate"))
            self._later(_marked(seen, "duplicate", superseded=True), self.random.randint(0, 2))
        elif {"dead", "defect"} & set(seen[1].vices):
            # A loop that counts nothing has nothing to correct.
            on_time.append(seen)
        else:
            on_time.append(_marked(seen, "republished", superseded=True))
            self._later(self._corrected(_marked(seen, "republished")), self.random.randint(1, 2))

    def _later(self, seen: _Seen, minutes: int) -> None:
        self.due.setdefault(self.now + minutes, []).append(seen)

    def _corrected(self, seen: _Seen) -> _Seen:
        """Return an observation with some cars more than first reported, and a newer tijd_laatst_gewijzigd."""
        event, truth = seen
        more = self.random.randint(1, 3)
        updated = iso(instant(event["tijd_laatst_gewijzigd"]) + timedelta(minutes=1))
        cars = int(event["verkeersintensiteit_klasse2"]) + more
        corrected = {**event, "tijd_laatst_gewijzigd": updated, "verkeersintensiteit_klasse2": str(cars)}
        speed = truth.speeds[1]
        if event["verkeersintensiteit_klasse2"] == "0":
            speed = 70.0
            corrected |= {"voertuigsnelheid_rekenkundig_klasse2": "70", "voertuigsnelheid_harmonisch_klasse2": "70"}
        counts = [truth.counts[0], truth.counts[1] + more, *truth.counts[2:]]
        speeds = [truth.speeds[0], speed, *truth.speeds[2:]]
        return corrected, replace(truth, tijd_laatst_gewijzigd=updated, counts=counts, speeds=speeds)


def _marked(seen: _Seen, vice: str, superseded: bool = False) -> _Seen:
    event, truth = seen
    return event, replace(truth, vices=[*truth.vices, vice], superseded=superseded)
