"""Object keys: Java's pattern letters, Firehose's expressions, arrival times."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from glue_local.delivery.prefix import expand, java_time, object_key

NEW_YEARS_EVE = datetime(2026, 12, 31, 23, 59, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyy/MM/dd/HH", "2026/12/31/23"),
        ("yyyy-MM-dd-HH-mm-ss", "2026-12-31-23-59-05"),
        ("YYYY", "2027"),
        ("yy", "26"),
        ("DDD", "365"),
        ("'day='dd", "day=31"),
        ("hh a", "11 PM"),
    ],
)
def test_javas_pattern_letters(pattern: str, text: str) -> None:
    assert java_time(pattern, NEW_YEARS_EVE) == text


def test_the_week_based_year_differs_only_around_new_year() -> None:
    assert java_time("YYYY", datetime(2026, 12, 26, tzinfo=timezone.utc)) == "2026"
    assert java_time("YYYY", datetime(2026, 12, 27, tzinfo=timezone.utc)) == "2027"
    assert java_time("YYYY", datetime(2027, 1, 1, tzinfo=timezone.utc)) == "2027"


@pytest.mark.parametrize("prefix", ["!{timestamp:Q}", "!{partitionKeyFromQuery:id}/", "!{firehose:error-output-type}/"])
def test_unsupported_expressions_are_errors(prefix: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the messages differ
        expand(prefix, NEW_YEARS_EVE, lambda: "x")


def test_the_kind_of_error_in_an_error_prefix() -> None:
    prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy}/"
    assert expand(prefix, NEW_YEARS_EVE, lambda: "x", "processing-failed") == "errors/processing-failed/2026/"


def test_a_key_without_a_timestamp_gets_the_default_folders() -> None:
    unique = "0123456789-abcdef"
    key = object_key("raw/", "stream", "3", NEW_YEARS_EVE, unique, ".gz")
    assert key == f"raw/2026/12/31/23/stream-3-2026-12-31-23-59-05-{unique}.gz"
    own = object_key("y=!{timestamp:yyyy}/!{firehose:random-string}/", "s", "1", NEW_YEARS_EVE, unique, "")
    assert own.startswith("y=2026/0123456789a/s-1-")


def test_times_are_in_the_zone_in_a_prefix_and_in_utc_in_a_name() -> None:
    moment = datetime(2026, 11, 25, 4, 30, tzinfo=timezone.utc)
    key = object_key("a/!{timestamp:yyyy-MM-dd'T'HH}/", "s", "1", moment, "u", "", zone=ZoneInfo("Pacific/Auckland"))
    assert key == "a/2026-11-25T17/s-1-2026-11-25-04-30-00-u"
