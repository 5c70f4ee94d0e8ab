from datetime import datetime, timedelta, timezone

import pytest

from glue_local.feed.simulation.jams import Jam, Jams, jam_truth
from glue_local.feed.simulation.network import Network, generate_network
from glue_local.feed.simulation.traffic import simulate

MORNING = datetime(2026, 3, 2, 6, 45, tzinfo=timezone(timedelta(hours=1)))


def test_a_jam_grows_upstream_then_its_head_follows_until_it_is_gone() -> None:
    jam = Jam("A0010001", front=50, start=100, growing=20, holding=10, growth=0.2, dissolving=0.4, speed=20)
    assert jam.extent(99.9) is None
    assert jam.extent(100) == (50, 50)
    assert jam.extent(110) == (48, 50)
    assert jam.extent(120) == jam.extent(130) == (46, 50)
    assert jam.extent(135) == (46, 48)
    assert jam.end == 140
    assert jam.extent(140) is None
    assert jam.covers(47, 131)
    assert not jam.covers(49.9, 135)


def test_jammed_speeds_stay_below_forty() -> None:
    jam = Jam("A0010001", 50, 100, 20, 10, 0.2, 0.4, speed=28)
    speeds = [jam.speed_at(way / 10, minute) for way in range(460, 500) for minute in range(100, 140)]
    assert 4 <= min(speeds) < 20
    assert 30 < max(speeds) <= 36


def test_jams_form_and_dissolve_within_half_an_hour_of_the_full_network(network: Network) -> None:
    rows = jam_truth(Jams(network, 1), MORNING, 30)
    assert len({row["ident_8"] for row in rows}) > 5
    begin, end = (
        MORNING.astimezone(timezone.utc).isoformat(),
        (MORNING + timedelta(minutes=30)).astimezone(timezone.utc),
    )
    assert any(begin < row["from"] < row["to"] < end.isoformat() for row in rows)


@pytest.mark.parametrize(("points", "seed"), [(60, 1), (60, 5), (60, 9), (300, 1)])
def test_even_a_small_network_has_a_jam_that_reaches_sites_one_after_another_upstream(points: int, seed: int) -> None:
    network = generate_network(seed, points)
    rows = jam_truth(Jams(network, seed, 0.001), MORNING, 30)
    longest = max((row["ident_8"] for row in rows), key=lambda ident: sum(row["ident_8"] == ident for row in rows))
    ways = {site.kmp_rsys: site.way for site in network.carriageways()[longest]}
    reached = [(ways[row["kmp_rsys"]], row["from"]) for row in rows if row["ident_8"] == longest]
    assert len(reached) >= 2
    upstream = sorted(reached, reverse=True)
    assert [when for _, when in upstream] == sorted(when for _, when in upstream)
    assert upstream[0][1] < upstream[-1][1]


def test_events_of_jammed_sites_are_slow_and_of_others_mostly_not() -> None:
    jammed, free = [], []
    for minute, truths in simulate(generate_network(1, 300), MORNING, 20, 1):
        for event, truth in zip(minute.events, truths, strict=True):
            n = sum(truth.counts)
            if n and truth.ident_8[4:] in ("0001", "0002") and event["rekendata_beschikbaarheidsgraad"] == "100":
                speed = n / sum(c / v for c, v in zip(truth.counts, truth.speeds, strict=True) if c)
                (jammed if truth.jam else free).append(speed)
    assert len(jammed) > 50
    assert max(jammed) <= 40
    assert sum(speed <= 40 for speed in free) / len(free) < 0.01


def test_jams_can_be_turned_off_and_multiplied(network: Network) -> None:
    assert jam_truth(Jams(network, 1, 0), MORNING, 10) == []
    assert len(jam_truth(Jams(network, 1, 3), MORNING, 10)) > 2 * len(jam_truth(Jams(network, 1, 1), MORNING, 10))
