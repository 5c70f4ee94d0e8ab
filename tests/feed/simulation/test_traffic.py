from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from statistics import mean, median

import pytest

from glue_local.feed.event import CLASSES, FIELDS, Event, Minute, encode, instant
from glue_local.feed.simulation.data_defects import NO_DEFECTS, DefectRates
from glue_local.feed.simulation.ground_truth import Truth
from glue_local.feed.simulation.network import Network, generate_network
from glue_local.feed.simulation.traffic import simulate

START = datetime(2026, 3, 2, 6, 45, tzinfo=timezone(timedelta(hours=1)))

Generated = tuple[Minute, list[Truth]]


def numbers(event: Event, measure: str) -> list[int]:
    return [int(event[f"{measure}_klasse{k}"]) for k in CLASSES]


def counts(event: Event) -> list[int]:
    return numbers(event, "verkeersintensiteit")


def lane_speed(event: Event) -> float:
    n, v = counts(event), numbers(event, "voertuigsnelheid_rekenkundig")
    return sum(a * b for a, b in zip(n, v, strict=True)) / sum(n)


def with_traffic(minute: Minute) -> list[Event]:
    return [event for event in minute.events if sum(counts(event)[1:]) and event["defect"] == "0"]


def test_every_event_has_27_strings(minute: Generated) -> None:
    for event in minute[0].events:
        assert tuple(event) == FIELDS
        assert all(type(value) is str and value for value in event.values())
    assert 900 < mean(len(encode(event)) for event in minute[0].events) < 1000


def test_flags_are_as_frequent_as_in_the_real_minute(minute: Generated) -> None:
    events = minute[0].events
    assert Counter(event["actueel_publicatie"] for event in events)["0"] == pytest.approx(78, rel=0.5)
    defect = Counter(event["defect"] for event in events)
    assert defect["1"] == pytest.approx(26, abs=3)
    assert defect["2"] == 1
    geldig = Counter(event["geldig"] for event in events)
    assert geldig["1"] == pytest.approx(57, rel=0.5)
    assert geldig["3"] == 1
    assert sum(event["rekendata_beschikbaarheidsgraad"] == "0" for event in events) == pytest.approx(90, abs=5)


def test_vehicles_and_their_classes_are_as_in_the_real_minute(minute: Generated) -> None:
    totals = [sum(column) for column in zip(*map(counts, minute[0].events), strict=True)]
    for total, real in zip(totals[1:], (37011, 7500, 2649, 6045), strict=True):
        assert total == pytest.approx(real, rel=0.15)
    assert 0 < totals[0] < 50


def test_flows_and_speeds_per_lane_match_the_real_minute(minute: Generated, network: Network) -> None:
    lanes = {point.unieke_id: point for point in network.points}
    flows: dict[str, list[int]] = defaultdict(list)
    speeds: dict[str, list[float]] = defaultdict(list)
    for event in minute[0].events:
        point = lanes[event["unieke_id"]]
        kind = point.rijstrook if point.ident_8[4:] in ("0001", "0002") else f"ramp {point.rijstrook}"
        flows[kind].append(sum(counts(event)))
        if sum(counts(event)) and event["defect"] == "0":
            speeds[kind].append(lane_speed(event))
    for kind, flow, speed in (("R10", 14.0, 92), ("R11", 17.6, 110), ("R12", 18.7, 117), ("ramp R10", 7.3, 70)):
        assert mean(flows[kind]) == pytest.approx(flow, rel=0.15)
        assert median(speeds[kind]) == pytest.approx(speed, rel=0.08)
    assert sum(flows["P00"]) == sum(flows["TR10"]) == 0
    assert flows["B09"].count(0) / len(flows["B09"]) > 0.8


def test_occupancy_speed_and_flow_follow_the_measured_curve(minute: Generated) -> None:
    bins: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for event in with_traffic(minute[0]):
        occupancy = min(int(event["rekendata_bezettingsgraad"]), 40)
        bins[occupancy // 5 * 5].append((lane_speed(event), sum(counts(event))))
    real = {0: (90, 6), 5: (98, 17), 10: (87, 19), 15: (67, 23), 20: (39, 24), 25: (34, 21), 40: (12, 12)}
    for occupancy, (speed, flow) in real.items():
        assert median(s for s, _ in bins[occupancy]) == pytest.approx(speed, abs=15)
        assert median(n for _, n in bins[occupancy]) == pytest.approx(flow, abs=5)


def test_speeds_and_sentinel_values_follow_the_feeds_rules(minute: Generated) -> None:
    for event in minute[0].events:
        n = counts(event)
        arithmetic = numbers(event, "voertuigsnelheid_rekenkundig")
        harmonic = numbers(event, "voertuigsnelheid_harmonisch")
        for count, a, h in zip(n, arithmetic, harmonic, strict=True):
            assert (h <= a <= 200) if count else (a == 0 and h in (0, 252, 254))
            assert count != 1 or a == h or event["defect"] == "2"
        if event["rekendata_beschikbaarheidsgraad"] == "0":
            assert n == [0] * 5
            assert harmonic == [254] * 5
            assert (event["defect"], event["geldig"], event["beschikbaar"]) == ("0", "0", "1")
        elif event["defect"] == "1":
            assert n == [0] * 5
            assert harmonic == [252] * 5
        elif event["geldig"] == "1":
            assert lane_speed(event) >= 110


def test_unrest_is_at_least_the_variance_between_classes(minute: Generated) -> None:
    for event in with_traffic(minute[0]):
        n, v = counts(event), numbers(event, "voertuigsnelheid_rekenkundig")
        average = lane_speed(event)
        between = sum(a * (b - average) ** 2 for a, b in zip(n, v, strict=True)) / sum(n)
        # Class means are rounded to whole km/h: half a km/h of error each.
        tolerance = 1.5 + 2 * max(abs(b - average) for a, b in zip(n, v, strict=True) if a)
        assert int(event["rekendata_onrustigheid"]) >= between - tolerance


def test_the_same_seed_and_start_produce_the_same_bytes() -> None:
    def run(seed: int) -> list[bytes]:
        minutes = simulate(generate_network(1, 100), START, 5, seed)
        return [encode(event) for minute, _ in minutes for event in minute.events]

    assert run(7) == run(7)
    assert run(7) != run(8)


def test_frozen_cabinets_repeat_one_old_minute_whole() -> None:
    network = generate_network(1, 200)
    minutes = list(simulate(network, START, 4, 1, NO_DEFECTS.but(frozen=0.05)))
    old: dict[str, list[Event]] = defaultdict(list)
    for minute, truths in minutes:
        for event, truth in zip(minute.events, truths, strict=True):
            assert (truth.defects == ["frozen"]) == (event["actueel_publicatie"] == "0")
            if truth.defects:
                assert int(event["tijd_waarneming"]) < START.timestamp() - 1000
                old[event["unieke_id"]].append(event)
    cabinets = {events[0]["lve_nr"] for events in old.values()}
    assert cabinets
    assert set(old) == {point.unieke_id for point in network.points if point.lve_nr in cabinets}
    assert all(events == [events[0]] * 4 for events in old.values())


def test_without_defects_every_point_reports_every_minute_once_and_on_time() -> None:
    network = generate_network(1, 100)
    for at, (minute, truths) in enumerate(simulate(network, START, 3, 1, NO_DEFECTS)):
        assert [event["unieke_id"] for event in minute.events] == [point.unieke_id for point in network.points]
        observed = str(int(START.timestamp()) + 60 * at)
        for event, truth in zip(minute.events, truths, strict=True):
            assert truth.defects == []
            assert event["tijd_waarneming"] == observed
            assert (event["actueel_publicatie"], event["defect"], event["geldig"]) == ("1", "0", "0")
            assert counts(event) == truth.counts


@pytest.mark.parametrize("defect", ["frozen", "dead", "defect", "irregular", "late", "duplicate", "republished"])
def test_each_defect_can_be_turned_off(defect: str) -> None:
    rates = {name: 0.02 for name in ("frozen", "dead", "defect", "late", "duplicate", "republished")} | {
        "irregular": 1.0
    }

    def seen(defects: DefectRates) -> set[str]:
        minutes = simulate(generate_network(1, 300), START, 4, 1, defects)
        return {defect for _, truths in minutes for truth in truths for defect in truth.defects}

    assert defect in seen(DefectRates().but(**rates))
    assert defect not in seen(DefectRates().but(**{**rates, defect: 0.0}))


@pytest.mark.parametrize(
    "start",
    [
        datetime(2017, 3, 26, 1, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(2017, 10, 29, 1, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(2019, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=1))),
        datetime(2020, 1, 31, 23, 30, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_clock_changes_and_year_ends_leave_minutes_sixty_seconds_apart_at_plus_one(start: datetime) -> None:
    minutes = [minute for minute, _ in simulate(generate_network(1, 4), start, 90, 1, NO_DEFECTS)]
    observed = [int(minute.events[0]["tijd_waarneming"]) for minute in minutes]
    assert observed[0] == start.timestamp()
    assert all(b - a == 60 for a, b in pairwise(observed))
    for minute, seconds in zip(minutes, observed, strict=True):
        updated = minute.events[0]["tijd_laatst_gewijzigd"]
        assert updated.endswith("+01:00")
        assert instant(updated).timestamp() - seconds in (74, 108)


def test_a_start_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="has no offset"):
        next(simulate(generate_network(1, 4), datetime(2026, 3, 2, 6, 45), 1, 1))  # noqa: DTZ001 - that is the point


def test_an_endless_feed_starts_like_a_finite_one() -> None:
    network = generate_network(3, 20)
    endless = simulate(network, START, None, 3)
    first = [next(endless)[0] for _ in range(5)]
    # The last minute of a finite feed also contains the delayed events.
    assert first[:4] == [minute for minute, _ in simulate(network, START, 5, 3)][:4]
