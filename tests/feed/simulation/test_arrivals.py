from collections import defaultdict
from datetime import datetime, timedelta, timezone
from random import Random

import pytest

from glue_local.feed.event import Event, instant
from glue_local.feed.network import invent
from glue_local.feed.traffic import simulate
from glue_local.feed.truth import Truth
from glue_local.feed.vices import NO_VICES, Stricken, Vices, strike

START = datetime(2026, 3, 2, 6, 45, tzinfo=timezone(timedelta(hours=1)))
POINTS, MINUTES = 100, 20


def run(vices: Vices) -> list[tuple[int, Event, Truth]]:
    minutes = simulate(invent(1, POINTS), START, MINUTES, 1, vices)
    return [
        (at, event, truth)
        for at, (minute, truths) in enumerate(minutes)
        for event, truth in zip(minute.events, truths, strict=True)
    ]


def minute_of(event: Event) -> int:
    return (int(event["tijd_waarneming"]) - int(START.timestamp())) // 60


def test_late_observations_arrive_minutes_later_unchanged_and_none_is_lost() -> None:
    punctual = {(e["unieke_id"], e["tijd_waarneming"]): e for _, e, _ in run(NO_VICES)}
    late = run(NO_VICES.but(late=0.05))
    assert {(e["unieke_id"], e["tijd_waarneming"]): e for _, e, _ in late} == punctual
    assert len(late) == POINTS * MINUTES
    delays = [at - minute_of(event) for at, event, truth in late if truth.vices == ["late"]]
    assert len(delays) == pytest.approx(POINTS * MINUTES * 0.05, rel=0.4)
    assert min(delays) >= 0
    assert 8 < max(delays) <= 15
    assert all(at == minute_of(event) for at, event, truth in late if not truth.vices)


def test_duplicates_are_the_same_to_the_letter_and_all_but_one_superseded() -> None:
    copies: dict[tuple[str, str], list[tuple[Event, Truth]]] = defaultdict(list)
    for _, event, truth in run(NO_VICES.but(duplicate=0.05)):
        copies[event["unieke_id"], event["tijd_waarneming"]].append((event, truth))
    twice = [pair for pair in copies.values() if len(pair) > 1]
    assert len(twice) == pytest.approx(POINTS * MINUTES * 0.05, rel=0.4)
    for (first, one), (second, two) in twice:
        assert first == second
        assert sorted([one.superseded, two.superseded]) == [False, True]


def test_corrections_have_a_newer_time_and_more_cars_and_supersede_the_first() -> None:
    copies: dict[tuple[str, str], list[tuple[Event, Truth]]] = defaultdict(list)
    for _, event, truth in run(NO_VICES.but(republished=0.05)):
        copies[event["unieke_id"], event["tijd_waarneming"]].append((event, truth))
    corrected = [pair for pair in copies.values() if len(pair) > 1]
    assert len(corrected) == pytest.approx(POINTS * MINUTES * 0.05, rel=0.4)
    for (first, one), (second, two) in corrected:
        assert instant(second["tijd_laatst_gewijzigd"]) > instant(first["tijd_laatst_gewijzigd"])
        assert int(second["verkeersintensiteit_klasse2"]) > int(first["verkeersintensiteit_klasse2"])
        assert second["voertuigsnelheid_harmonisch_klasse2"] not in ("0", "252")
        assert (one.superseded, two.superseded) == (True, False)
        assert two.counts[1] == int(second["verkeersintensiteit_klasse2"])


def test_every_observation_has_exactly_one_event_that_stands() -> None:
    standing: dict[tuple[str, str], int] = defaultdict(int)
    for _, event, truth in run(Vices().but(late=0.05, duplicate=0.05, republished=0.05, frozen=0.0)):
        standing[event["unieke_id"], event["tijd_waarneming"]] += not truth.superseded
    assert len(standing) == POINTS * MINUTES
    assert set(standing.values()) == {1}


def test_broken_loops_have_nothing_to_correct() -> None:
    events = run(NO_VICES.but(republished=0.3, dead=0.3, defect=0.3))
    broken = [truth for _, _, truth in events if {"dead", "defect"} & set(truth.vices)]
    assert broken
    assert not any("republished" in truth.vices for truth in broken)


def struck(points: int, vices: Vices) -> Stricken:
    return strike(invent(1, points), vices, Random(1))


def test_a_vice_strikes_at_least_once_in_a_small_network_and_not_when_switched_off() -> None:
    some = struck(60, Vices())
    assert len(some.frozen) == len(some.dead) == len(some.defect) == 1
    assert struck(60, NO_VICES) == Stricken({}, frozenset(), frozenset(), frozenset())


def test_unknown_vices_and_impossible_rates_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no vice is called 'lazy'; there are frozen, dead"):
        Vices().but(lazy=0.1)
    with pytest.raises(ValueError, match="the rate of late is a share between 0 and 1, not 2"):
        Vices().but(late=2)
