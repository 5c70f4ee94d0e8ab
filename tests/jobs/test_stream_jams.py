"""The streaming job: how speeds are computed, and when a line is printed."""

import pytest
from pyspark.sql import SparkSession
from stream_jams import Speed, changes, line, speeds


def event(**more: str) -> dict[str, str]:
    good = {"unieke_id": "1", "tijd_waarneming": "60", "actueel_publicatie": "1", "defect": "0"}
    return {**good, "verkeersintensiteit_klasse2": "10", "voertuigsnelheid_harmonisch_klasse2": "30", **more}


def found(spark: SparkSession, *events: dict[str, str]) -> list[tuple[str, int, float]]:
    return sorted(tuple(row) for row in speeds(spark.createDataFrame(list(events))).collect())


def test_speeds_are_weighted_by_flow_and_harmonic(spark: SparkSession) -> None:
    two_classes = event(verkeersintensiteit_klasse3="10", voertuigsnelheid_harmonisch_klasse3="60")
    ((point, minute, speed),) = found(spark, two_classes)
    assert (point, minute) == ("1", 60)
    assert speed == pytest.approx(20 / (10 / 30 + 10 / 60))


def test_unusable_events_have_no_speed(spark: SparkSession) -> None:
    assert found(spark, event(defect="1"), event(actueel_publicatie="0")) == []
    assert found(spark, event(voertuigsnelheid_harmonisch_klasse2="252"), event(tijd_waarneming="soon")) == []


def test_every_change_prints_one_line() -> None:
    jammed: dict[str, int] = {}
    first = [Speed("a", 60, 90.0), Speed("a", 120, 40.0), Speed("b", 60, 10.0), Speed("a", 180, 20.0)]
    assert [(word, one.point, one.minute) for word, one in changes(first, jammed)] == [
        ("JAM", "b", 60),
        ("JAM", "a", 120),
    ]
    (cleared,) = changes([Speed("b", 240, 41.0), Speed("a", 240, 39.0)], jammed)
    assert (cleared[0], jammed) == ("CLEAR", {"a": 120})
    assert line("CLEAR", cleared[1], {"b": "R0010001 km 1.0"}) == "CLEAR R0010001 km 1.0 41 km/h minute 240"
