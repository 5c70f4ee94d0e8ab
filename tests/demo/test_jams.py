"""Jams per site, the worst carriageway, the worst minute."""

from datetime import datetime, timedelta, timezone

from glue_local.demo.jams import find, worst_carriageway, worst_minute
from glue_local.demo.results import Reading, Site

START = datetime(2026, 12, 31, 22, 58, tzinfo=timezone.utc)


def site(ident_8: str, readings: dict[int, float | None], jammed: set[int]) -> Site:
    row = [Reading(START + timedelta(minutes=at), speed, at in jammed) for at, speed in readings.items()]
    return Site(ident_8, 1.0, "Snede", 4.0, 51.0, row)


def test_a_gap_in_time_or_a_free_minute_ends_a_jam() -> None:
    speeds = dict.fromkeys((0, 1, 2, 3, 5), 20.0)
    jams = find([site("A0140001", speeds, {0, 1, 3, 5})])
    assert sorted(((jam.since - START) / timedelta(minutes=1), jam.minutes) for jam in jams) == [(0, 2), (3, 1), (5, 1)]
    assert jams[0].until == START + timedelta(minutes=1)


def test_the_lowest_speed_ignores_unmeasured_minutes() -> None:
    [jam] = find([site("A0140001", {0: 33.0, 1: None, 2: 12.5}, {0, 1, 2})])
    assert (jam.lowest, jam.minutes) == (12.5, 3)


def test_ramps_are_never_the_worst_carriageway() -> None:
    ramp = site("A0141911", dict.fromkeys(range(9), 10.0), set(range(9)))
    free, jammed = site("A0140001", {0: 90.0}, set()), site("A0140002", {0: 20.0}, {0})
    assert worst_carriageway([ramp, free, jammed]) == "A0140002"
    assert worst_carriageway([ramp]) is None


def test_the_worst_minute_is_the_first_of_several() -> None:
    sites = [site("A0140001", {0: 9.0, 1: 9.0}, {0, 1}), site("A0140002", {0: 9.0, 1: 9.0}, {0, 1})]
    assert worst_minute(sites) == START


def test_a_jam_at_either_end_of_the_readings_lasts_at_least_its_minutes() -> None:
    speeds = dict.fromkeys(range(6), 20.0)
    [whole, early, late] = find(
        [
            site("A0140001", speeds, set(range(6))),
            site("A0140001", speeds, {0, 1, 2}),
            site("A0140001", speeds, {4, 5}),
        ]
    )
    assert (whole.duration, whole.began_earlier, whole.goes_on) == ("≥ 6", True, True)
    assert (early.duration, early.began_earlier, early.goes_on) == ("≥ 3", True, False)
    assert (late.duration, late.began_earlier, late.goes_on) == ("≥ 2", False, True)
    assert [jam.duration for jam in find([site("A0140001", speeds, {2, 3})])] == ["2"]
