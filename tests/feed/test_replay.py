from datetime import datetime, timedelta, timezone

import pytest

from glue_local.feed.event import FIELDS, Minute, instant
from glue_local.feed.replay import shifted


def test_all_times_move_by_the_same_whole_minutes(real_minute: Minute) -> None:
    start = datetime(2026, 3, 2, 6, 45, tzinfo=timezone.utc)
    (moved,) = shifted([real_minute], start)
    assert moved.published is not None
    assert real_minute.published is not None
    by = moved.published - real_minute.published
    assert timedelta() <= moved.published - start < timedelta(minutes=1)
    assert by % timedelta(minutes=1) == timedelta()
    for old, new in zip(real_minute.events, moved.events, strict=True):
        assert int(new["tijd_waarneming"]) - int(old["tijd_waarneming"]) == by.total_seconds()
        assert instant(new["tijd_laatst_gewijzigd"]) - instant(old["tijd_laatst_gewijzigd"]) == by
        assert {**new, "tijd_waarneming": "", "tijd_laatst_gewijzigd": ""} == {
            **old,
            "tijd_waarneming": "",
            "tijd_laatst_gewijzigd": "",
        }


def test_missing_times_stay_missing_and_intervals_stay_the_same() -> None:
    empty = dict.fromkeys(FIELDS, "")
    first = datetime(2017, 4, 27, 13, 39, tzinfo=timezone.utc)
    minutes = [Minute(first, [empty]), Minute(None, [empty]), Minute(first + timedelta(minutes=2), [])]
    start = datetime(2026, 3, 2, tzinfo=timezone.utc)
    moved = list(shifted(minutes, start))
    assert [minute.published for minute in moved] == [start, None, start + timedelta(minutes=2)]
    assert moved[0].events == [empty]


def test_a_first_minute_without_publication_time_cannot_be_shifted() -> None:
    with pytest.raises(ValueError, match="cannot shift: the first minute has no tijd_publicatie"):
        list(shifted([Minute(None, [])], datetime(2026, 3, 2, tzinfo=timezone.utc)))
