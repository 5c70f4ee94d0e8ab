from collections import defaultdict
from datetime import datetime, timedelta, timezone
from random import Random

import pytest

from glue_local.feed.event import Event, instant
from glue_local.feed.simulation.data_defects import NO_DEFECTS, Affected, DefectRates, choose_affected
from glue_local.feed.simulation.ground_truth import Truth
from glue_local.feed.simulation.network import generate_network
from glue_local.feed.simulation.traffic import simulate

START = datetime(2026, 3, 2, 6, 45, tzinfo=timezone(timedelta(hours=1)))
POINTS, MINUTES = 100, 20


def run(defects: DefectRates) -> list[tuple[int, Event, Truth]]:
    minutes = simulate(generate_network(1, POINTS), START, MINUTES, 1, defects)
    return [
        (at, event, truth)
        for at, (minute, truths) in enumerate(minutes)
        for event, truth in zip(minute.events, truths, strict=True)
    ]


def minute_of(event: Event) -> int:
    return (int(event["tijd_waarneming"]) - int(START.timestamp())) // 60


def test_late_observations_arrive_minutes_later_unchanged_and_none_is_lost() -> None:
    punctual = {(e["unieke_id"], e["tijd_waarneming"]): e for _, e, _ in run(NO_DEFECTS)}
    late = run(NO_DEFECTS.but(late=0.05))
    assert {(e["unieke_id"], e["tijd_waarneming"]): e for _, e, _ in late} == punctual
    assert len(late) == POINTS * MINUTES
    delays = [at - minute_of(event) for at, event, truth in late if truth.defects == ["late"]]
    assert len(delays) == pytest.approx(POINTS * MINUTES * 0.05, rel=0.4)
    assert min(delays) >= 0
    assert 8 < max(delays) <= 15
    assert all(at == minute_of(event) for at, event, truth in late if not truth.defects)


def test_duplicates_are_identical_and_all_but_one_are_superseded() -> None:
    copies: dict[tuple[str, str], list[tuple[Event, Truth]]] = defaultdict(list)
    for _, event, truth in run(NO_DEFECTS.but(duplicate=0.05)):
        copies[event["unieke_id"], event["tijd_waarneming"]].append((event, truth))
    twice = [pair for pair in copies.values() if len(pair) > 1]
    assert len(twice) == pytest.approx(POINTS * MINUTES * 0.05, rel=0.4)
    for (first, one), (second, two) in twice:
        assert first == second
        assert sorted([one.superseded, two.superseded]) == [False, True]


def test_corrections_have_a_newer_time_and_more_cars_and_supersede_the_first() -> None:
    copies: dict[tuple[str, str], list[tuple[Event, Truth]]] = defaultdict(list)
    for _, event, truth in run(NO_DEFECTS.but(republished=0.05)):
        copies[event["unieke_id"], event["tijd_waarneming"]].append((event, truth))
    corrected = [pair for pair in copies.values() if len(pair) > 1]
    assert len(corrected) == pytest.approx(POINTS * MINUTES * 0.05, rel=0.4)
    for (first, one), (second, two) in corrected:
        assert instant(second["tijd_laatst_gewijzigd"]) > instant(first["tijd_laatst_gewijzigd"])
        assert int(second["verkeersintensiteit_klasse2"]) > int(first["verkeersintensiteit_klasse2"])
        assert second["voertuigsnelheid_harmonisch_klasse2"] not in ("0", "252")
        assert (one.superseded, two.superseded) == (True, False)
        assert two.counts[1] == int(second["verkeersintensiteit_klasse2"])


def test_every_observation_has_exactly_one_event_that_is_not_superseded() -> None:
    standing: dict[tuple[str, str], int] = defaultdict(int)
    for _, event, truth in run(DefectRates().but(late=0.05, duplicate=0.05, republished=0.05, frozen=0.0)):
        standing[event["unieke_id"], event["tijd_waarneming"]] += not truth.superseded
    assert len(standing) == POINTS * MINUTES
    assert set(standing.values()) == {1}


def test_broken_loops_have_nothing_to_correct() -> None:
    events = run(NO_DEFECTS.but(republished=0.3, dead=0.3, defect=0.3))
    broken = [truth for _, _, truth in events if {"dead", "defect"} & set(truth.defects)]
    assert broken
    assert not any("republished" in truth.defects for truth in broken)


def affected(points: int, defects: DefectRates) -> Affected:
    return choose_affected(generate_network(1, points), defects, Random(1))


def test_a_defect_affects_at_least_one_point_of_a_small_network_and_none_at_rate_zero() -> None:
    some = affected(60, DefectRates())
    assert len(some.frozen) == len(some.dead) == len(some.defect) == 1
    assert affected(60, NO_DEFECTS) == Affected({}, frozenset(), frozenset(), frozenset())


def test_unknown_defects_and_invalid_rates_raise_value_error() -> None:
    with pytest.raises(ValueError, match="unknown data defect 'lazy': choose one of frozen, dead"):
        DefectRates().but(lazy=0.1)
    with pytest.raises(ValueError, match="the rate of late must be between 0 and 1, not 2"):
        DefectRates().but(late=2)
