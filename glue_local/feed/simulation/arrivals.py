"""Simulate publication: some observations arrive late, twice, or corrected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from glue_local.feed.event import Event, instant, iso
from glue_local.feed.simulation.data_defects import DefectRates
from glue_local.feed.simulation.ground_truth import Truth

_Observation = tuple[Event, Truth]

_LATEST = 15  # minutes


class Arrivals:
    """Decides in which published minute each observation appears; ``due`` holds delayed ones by minute number."""

    def __init__(self, defects: DefectRates, random: Random) -> None:
        self.defects, self.random = defects, random
        self.due: dict[int, list[_Observation]] = {}
        self.now = 0

    def publish(self, observations: Iterable[_Observation], published: datetime, last: bool) -> list[_Observation]:
        """Return what a minute publishes: its observations, then delayed ones; ``last`` flushes all that remain."""
        on_time: list[_Observation] = []
        for seen in observations:
            self._send(seen, on_time)
        arrived = self.due.pop(self.now, [])
        if last:
            arrived += [seen for minute in sorted(self.due) for seen in self.due[minute]]
            self.due.clear()
        self.now += 1
        stamp = published.isoformat()
        return [(event, replace(truth, published=stamp)) for event, truth in [*on_time, *arrived]]

    def _send(self, seen: _Observation, on_time: list[_Observation]) -> None:
        draw = self.random.random()
        defects = self.defects
        if seen[1].defects[:1] == ["frozen"] or draw >= defects.late + defects.duplicate + defects.republished:
            on_time.append(seen)
        elif draw < defects.late:
            self._later(_marked(seen, "late"), self.random.randint(1, _LATEST))
        elif draw < defects.late + defects.duplicate:
            on_time.append(_marked(seen, "duplicate"))
            self._later(_marked(seen, "duplicate", superseded=True), self.random.randint(0, 2))
        elif {"dead", "defect"} & set(seen[1].defects):
            # A loop without signal has nothing to correct.
            on_time.append(seen)
        else:
            on_time.append(_marked(seen, "republished", superseded=True))
            self._later(self._corrected(_marked(seen, "republished")), self.random.randint(1, 2))

    def _later(self, seen: _Observation, minutes: int) -> None:
        self.due.setdefault(self.now + minutes, []).append(seen)

    def _corrected(self, seen: _Observation) -> _Observation:
        """Return an observation corrected to more cars, with a newer tijd_laatst_gewijzigd."""
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


def _marked(seen: _Observation, defect: str, superseded: bool = False) -> _Observation:
    event, truth = seen
    return event, replace(truth, defects=[*truth.defects, defect], superseded=superseded)
