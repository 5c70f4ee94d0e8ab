"""Every event is in exactly one table, for any distribution over runs and any moment at which a run is killed."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import repartition
from partition_versions import KEYS, VersionedTable
from pyspark.sql import SparkSession

from glue_local.feed.event import FIELDS, Minute
from glue_local.feed.miv.reader import read_minute
from glue_local.feed.simulation.network import generate_network
from glue_local.feed.simulation.traffic import simulate
from tests.jobs import expected
from tests.jobs.pipeline import Killed, Pipeline

pytestmark = pytest.mark.spark

NEW_YEAR = datetime(2026, 12, 31, 23, 58, tzinfo=timezone.utc)


@pytest.fixture
def pipeline(spark: SparkSession, tmp_path: Path, cloud: tuple[Any, Any], resources: dict[str, Any]) -> Pipeline:
    return Pipeline(spark, tmp_path, *cloud).provision(resources)


def event(**fields: Any) -> dict[str, str]:
    """A valid event of a minute with two cars at 90 km/h; ``at`` is its time."""
    at = fields.pop("at", NEW_YEAR)
    quiet = {f"verkeersintensiteit_klasse{k}": "0" for k in range(1, 6)}
    none = {f"voertuigsnelheid_harmonisch_klasse{k}": "252" for k in range(1, 6)}
    zero = {f"voertuigsnelheid_rekenkundig_klasse{k}": "0" for k in range(1, 6)}
    good = {
        "unieke_id": "29", "beschrijvende_id": "H222L10", "lve_nr": "55", "tijd_waarneming": str(int(at.timestamp())),
        "tijd_laatst_gewijzigd": (at + timedelta(seconds=74)).isoformat(),
        "actueel_publicatie": "1", "beschikbaar": "1", "defect": "0", "geldig": "0",
        **quiet, **zero, **none, "verkeersintensiteit_klasse2": "2",
        "voertuigsnelheid_rekenkundig_klasse2": "91", "voertuigsnelheid_harmonisch_klasse2": "90",
        "rekendata_bezettingsgraad": "3", "rekendata_beschikbaarheidsgraad": "100", "rekendata_onrustigheid": "4",
    }  # fmt: skip
    return {name: value for name, value in {**good, **fields}.items() if value is not None}


def later(seconds: int) -> str:
    return (NEW_YEAR + timedelta(seconds=seconds)).astimezone(timezone(timedelta(hours=1))).isoformat()


def held(pipeline: Pipeline) -> tuple[dict[Any, Any], dict[Any, Any], dict[str, int]]:
    """Return the tables in the form of ``expected.tables``."""
    found: list[dict[Any, Any]] = []
    for name in ("events", "quarantine"):
        rows = pipeline.rows(name)
        keys = [(row["unieke_id"], int(row["tijd_waarneming"].timestamp())) for row in rows]
        assert len(keys) == len(set(keys)), f"a minute is twice in {name}"
        found.append(dict(zip(keys, rows, strict=True)))
    return found[0], found[1], dict(Counter(row["reason"] for row in pipeline.rows("rejected")))


def agrees(pipeline: Pipeline, published: Iterable[dict[str, str]]) -> None:
    published = list(published)
    truth = expected.tables(published)
    events, quarantine, rejected = held(pipeline)
    assert len(events) + len(quarantine) + sum(rejected.values()) == len(published)
    assert events.keys() == truth.events.keys()
    assert {key: row["reason"] for key, row in quarantine.items()} == truth.quarantine
    assert rejected == dict(truth.rejected)
    for key, row in events.items():
        assert row["verkeersintensiteit_klasse2"] == int(truth.events[key]["verkeersintensiteit_klasse2"])


CASES = {
    "good": (event(unieke_id="1"), "events", None),
    "unusually fast is kept": (event(unieke_id="2", geldig="1"), "events", None),
    "no change time": (event(unieke_id="3", tijd_laatst_gewijzigd=None), "events", None),
    "winter time when none is given": (
        event(unieke_id="4", tijd_laatst_gewijzigd="2027-01-01T00:59:00"),
        "events",
        None,
    ),
    "not current": (event(unieke_id="5", actueel_publicatie="0"), "quarantine", "frozen"),
    "long changed": (event(unieke_id="6", tijd_laatst_gewijzigd=later(3601)), "quarantine", "frozen"),
    "not yet": (event(unieke_id="7", tijd_laatst_gewijzigd=later(-301)), "quarantine", "future"),
    "frozen and defect": (event(unieke_id="8", actueel_publicatie="0", defect="1"), "quarantine", "frozen"),
    "one loop": (event(unieke_id="9", defect="1"), "rejected", "defect"),
    "unknown defect": (event(unieke_id="10", defect=""), "rejected", "defect"),
    "dead": (event(unieke_id="11", rekendata_beschikbaarheidsgraad="0"), "rejected", "unavailable"),
    "irregular": (event(unieke_id="12", geldig="2"), "rejected", "irregular"),
    "no id": (event(unieke_id=" "), "rejected", "malformed"),
    "no time": (event(unieke_id="14", tijd_waarneming="soon"), "rejected", "malformed"),
    "no possible time": (event(unieke_id="15", tijd_waarneming="99999999999999999"), "rejected", "malformed"),
}


def test_each_event_is_checked_separately(pipeline: Pipeline) -> None:
    pipeline.deliver([case for case, _, _ in CASES.values()], NEW_YEAR)
    pipeline.repartition()
    found = {
        (row["unieke_id"], name, row["reason"] if name != "events" else None)
        for name in ("events", "quarantine", "rejected")
        for row in pipeline.rows(name)
    }
    assert found == {(case["unieke_id"].strip() or None, table, reason) for case, table, reason in CASES.values()}
    lost = [row for row in pipeline.rows("rejected") if row["reason"] == "malformed"]
    assert sorted(json.loads(row["record"])["tijd_waarneming"] for row in lost)[-1] == "soon"


def test_sentinels_and_zero_without_vehicles_are_unknown_speeds(pipeline: Pipeline) -> None:
    speeds = {"1": "251", "2": "90", "3": "252", "4": "254", "5": "0"}
    fields = {f"voertuigsnelheid_harmonisch_klasse{k}": speed for k, speed in speeds.items()}
    pipeline.deliver([event(**fields, verkeersintensiteit_klasse5="1")], NEW_YEAR)
    pipeline.repartition()
    (row,) = pipeline.rows("events")
    assert [row[f"voertuigsnelheid_harmonisch_klasse{k}"] for k in range(1, 6)] == [None, 90, None, None, 0]
    assert [row[f"voertuigsnelheid_rekenkundig_klasse{k}"] for k in range(1, 6)] == [None, 91, None, None, 0]
    assert row["verkeersintensiteit_klasse3"] == 0, "no vehicles is a count"


def test_the_columns_are_those_of_the_catalog(pipeline: Pipeline) -> None:
    for name, schema in repartition.SCHEMAS.items():
        columns = pipeline.tables[name].definition["StorageDescriptor"]["Columns"]
        assert [(c["Name"], c["Type"]) for c in columns] == [(f.name, f.dataType.simpleString()) for f in schema.fields]
    raw = [column["Name"] for column in pipeline.tables["raw_events"].definition["StorageDescriptor"]["Columns"]]
    assert tuple(raw) == FIELDS


def test_the_latest_version_of_a_minute_wins_in_any_order(pipeline: Pipeline) -> None:
    versions = [event(tijd_laatst_gewijzigd=later(s), verkeersintensiteit_klasse2=n) for s, n in ((74, "2"), (134, "3"), (100, "4"))]  # fmt: skip
    for version in versions:
        pipeline.deliver([version], NEW_YEAR + timedelta(hours=1))
        pipeline.repartition()
    assert [row["verkeersintensiteit_klasse2"] for row in pipeline.rows("events")] == [3]
    rejected = [(row["reason"], row["verkeersintensiteit_klasse2"]) for row in pipeline.rows("rejected")]
    assert sorted(rejected) == [("duplicate", 2), ("duplicate", 4)]
    assert set(pipeline.tables["rejected"].partitions()) == {"2027/01/01/00"}, "by arrival"
    assert set(pipeline.tables["events"].partitions()) == {"2026/12/31/23"}, "by observation"


def test_a_frozen_point_is_quarantined_once_and_creates_no_old_partition(pipeline: Pipeline) -> None:
    old = event(at=datetime(2016, 12, 20, 9, 11, tzinfo=timezone.utc), actueel_publicatie="0")
    for _ in range(2):
        pipeline.deliver([old, old], NEW_YEAR)
        pipeline.repartition()
    assert len(pipeline.rows("quarantine")) == 1
    assert [row["reason"] for row in pipeline.rows("rejected")] == ["duplicate"] * 3
    assert pipeline.tables["events"].partitions() == {}
    assert set(pipeline.tables["rejected"].partitions()) == {"2026/12/31/23"}


NIGHTS = {
    # Both nights in which Belgian clocks change; the publisher's clock stays at UTC+1.
    "2026-03-29T01:58:00+01:00": ["2026/03/29/00", "2026/03/29/01"],
    "2026-10-25T01:58:00+01:00": ["2026/10/25/00", "2026/10/25/01"],
    "2026-02-28T23:58:00+00:00": ["2026/02/28/23", "2026/03/01/00"],
    "2026-12-31T23:58:00+00:00": ["2026/12/31/23", "2027/01/01/00"],
}


def test_partitions_are_hours_of_observation_in_utc(spark: SparkSession) -> None:
    moments = [datetime.fromisoformat(wall) + timedelta(minutes=n) for wall in NIGHTS for n in range(4)]
    raw = spark.createDataFrame([{**event(at=moment), **dict.fromkeys(KEYS, "1")} for moment in moments])
    rows = repartition.placed(repartition.judged(repartition.typed(raw), 60, 5)).collect()
    assert Counter(row["partition"] for row in rows) == dict.fromkeys(sum(NIGHTS.values(), []), 2)


def batches(points: int, minutes: int) -> list[tuple[Minute, Any]]:
    """Published minutes with every data defect, and the expected result."""
    return list(simulate(generate_network(3, points), NEW_YEAR, minutes, 5))


def test_generated_traffic_with_every_defect_matches_the_expected_result(pipeline: Pipeline) -> None:
    published = batches(300, 8)
    for part in (published[:4], published[4:]):
        for minute, _ in part:
            assert minute.published
            pipeline.deliver(minute.events, minute.published)
        pipeline.repartition()
    agrees(pipeline, (each for minute, _ in published for each in minute.events))
    truths = [truth for _, told in published for truth in told]
    usable = {
        (truth.unieke_id, truth.tijd_waarneming): truth.counts[1]
        for truth in truths
        if not truth.superseded and not {"frozen", "dead", "defect"} & set(truth.defects)
    }
    assert {key: row["verkeersintensiteit_klasse2"] for key, row in held(pipeline)[0].items()} == usable
    before = pipeline.everything_but_sites()
    assert pipeline.repartition() is None
    assert pipeline.everything_but_sites() == before, "nothing new changes nothing"
    pipeline.seen.clear()
    pipeline.repartition()
    after = pipeline.everything_but_sites()
    assert after["events"] == before["events"], "read again after a reset bookmark, everything is a duplicate"
    assert after["quarantine"] == before["quarantine"]


def failing(call: Callable[..., Any], nth: int) -> Callable[..., Any]:
    """Simulate a kill in the nth call of a function."""
    calls = iter(range(nth))

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) is None:
            raise Killed
        return call(*args, **kwargs)

    return wrapped


KILLS = [("write", 0), ("write", 2), ("commit", 0), ("switch", 0), ("switch", 1), ("switch", 2), ("bookmark", 0)]


def test_killed_runs_neither_lose_nor_duplicate_events(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run is killed at another point, with new versions that move events between tables."""
    published: list[dict[str, str]] = []
    for at, (what, nth) in enumerate(KILLS):
        news = [
            event(tijd_laatst_gewijzigd=later(74 + at), verkeersintensiteit_klasse2=str(at)),
            event(unieke_id=f"new {at}", at=NEW_YEAR + timedelta(minutes=at)),
            event(unieke_id="5", actueel_publicatie="0"), event(unieke_id=f"frozen {at}", actueel_publicatie="0"),
            event(unieke_id="6", defect="1"),
        ]  # fmt: skip
        published += news
        pipeline.deliver(news, NEW_YEAR + timedelta(hours=at // 4))
        with monkeypatch.context() as killing:
            if what == "commit":
                killing.setattr(repartition.CommitFile, "write", failing(repartition.CommitFile.write, 0))
            elif what != "bookmark":
                killing.setattr(VersionedTable, what, failing(getattr(VersionedTable, what), nth))
            with pytest.raises(Killed):
                pipeline.repartition(killed_before_the_bookmark=what == "bookmark")
    pipeline.repartition()
    agrees(pipeline, published)


def test_the_real_minute(pipeline: Pipeline, miv_samples: Path) -> None:
    minute = read_minute(miv_samples / "verkeersdata.xml.gz", print)
    pipeline.deliver(minute.events, datetime(2017, 4, 27, 13, 40, tzinfo=timezone.utc))
    pipeline.repartition()
    events, quarantine, rejected = held(pipeline)
    assert (len(minute.events), len(quarantine)) == (4254, 78)
    # 90 dead loops of which 19 are frozen; 27 defect points.
    assert rejected == {"unavailable": 71, "defect": 27}
    assert len(events) == 4254 - 78 - 71 - 27
    assert set(pipeline.tables["events"].partitions()) == {"2017/04/27/13"}
    agrees(pipeline, [dict(each) for each in minute.events])
