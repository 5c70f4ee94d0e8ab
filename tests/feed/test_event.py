from datetime import datetime, timedelta, timezone

import pytest

from glue_local.feed.event import FIELDS, encode, epoch_seconds, instant, iso


def test_an_event_has_the_27_fields_in_the_order_of_the_first_pipeline() -> None:
    assert len(FIELDS) == 27
    assert FIELDS[:9] == (
        "beschrijvende_id",
        "unieke_id",
        "lve_nr",
        "tijd_waarneming",
        "tijd_laatst_gewijzigd",
        "actueel_publicatie",
        "beschikbaar",
        "defect",
        "geldig",
    )
    assert FIELDS[9:12] == (
        "verkeersintensiteit_klasse1",
        "voertuigsnelheid_rekenkundig_klasse1",
        "voertuigsnelheid_harmonisch_klasse1",
    )
    assert FIELDS[21:24] == tuple(name.replace("klasse1", "klasse5") for name in FIELDS[9:12])
    assert FIELDS[24:] == ("rekendata_bezettingsgraad", "rekendata_beschikbaarheidsgraad", "rekendata_onrustigheid")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2020-04-07T11:30:00+01:00", 1586255400),  # the first pipeline returned 1586259000
        ("2020-04-07T12:30:00+02:00", 1586255400),
        ("2020-04-07T10:30:00Z", 1586255400),
        ("2020-04-07T11:30:00", 1586255400),  # the publisher's clock is always UTC+1
        ("2017-03-26T02:30:00+01:00", 1490491800),  # a wall clock time that summer time skips
        ("2017-10-29T02:30:00+01:00", 1509240600),  # one that occurs twice
        ("2020-01-01T00:30:00+01:00", 1577835000),  # still 2019 in UTC
        ("2017-04-27T14:39:54.3+01:00", 1493300394),
        ("2017-04-27T14:39:54.3991234+01:00", 1493300394),
    ],
)
def test_epoch_seconds_honour_the_offset(text: str, seconds: int) -> None:
    assert epoch_seconds(text) == str(seconds)


@pytest.mark.parametrize("text", ["", "27/04/2017 14:38", "2017-04-27", "2017-13-01T00:00:00+01:00"])
def test_text_that_is_not_a_time_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        instant(text)


def test_times_are_formatted_at_plus_one_even_in_summer() -> None:
    assert iso(datetime(2017, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))) == "2017-07-01T11:00:00+01:00"


def test_a_record_is_one_json_object_without_newline() -> None:
    assert encode({"unieke_id": "29"}) == b'{"unieke_id": "29"}'
