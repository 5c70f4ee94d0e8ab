"""Aggregates match an independent computation, and only stale hours are computed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import aggregate
import pytest
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from glue_local.feed.miv.reader import read_minute
from glue_local.feed.simulation.network import generate_network
from glue_local.feed.simulation.traffic import simulate
from tests.jobs import expected
from tests.jobs.pipeline import Pipeline
from tests.jobs.test_repartition import event

pytestmark = pytest.mark.spark

EVENING = datetime(2026, 3, 28, 22, 0, tzinfo=timezone.utc)


@pytest.fixture
def pipeline(spark: SparkSession, tmp_path: Path, cloud: tuple[Any, Any], resources: dict[str, Any]) -> Pipeline:
    return Pipeline(spark, tmp_path, *cloud).provision(resources)


def lane(speed: int | None, at: int, **fields: Any) -> dict[str, str]:
    """A minute (``at`` after EVENING) of a lane with one car at ``speed``, or none."""
    cars = {"verkeersintensiteit_klasse2": "1", "voertuigsnelheid_harmonisch_klasse2": str(speed)}
    none = {"verkeersintensiteit_klasse2": "0", "voertuigsnelheid_harmonisch_klasse2": "252"}
    return event(at=EVENING + timedelta(minutes=at), **{**(none if speed is None else cars), **fields})


def minutes(spark: SparkSession, published: Iterable[Mapping[str, str]], points: list[tuple[Any, ...]]) -> list[Row]:
    """Return the aggregates of events, without files or catalog."""
    columns = [field.name for field in aggregate.EVENT if field.name != "tijd_waarneming"]
    rows = [
        (
            datetime.fromtimestamp(int(each["tijd_waarneming"]), timezone.utc),
            *(each[name] if name == "unieke_id" else known(each[name]) for name in columns),
        )
        for each in published
    ]
    typed = {field.name: field for field in aggregate.EVENT}
    schema = StructType([typed["tijd_waarneming"], *(typed[name] for name in columns)])
    partition = F.date_format("tijd_waarneming", "yyyy/MM/dd/HH")
    events = spark.createDataFrame(rows, schema).withColumn("partition", partition)
    hours = {f"{row[0]:%Y/%m/%d/%H}" for row in rows}
    frame = aggregate.sites_of(events, spark.createDataFrame(points, aggregate.POINT), hours)
    return list(frame.orderBy("tijd_waarneming", "ident_8", "kmp_rsys").collect())


def known(text: str) -> int | None:
    return None if text in ("251", "252", "254") else int(text)


LONG_AGO = datetime(2017, 1, 1, tzinfo=timezone.utc)


def point(unieke_id: str, rijstrook: str = "R10", site: tuple[str | None, float | None] = ("A0010001", 1.5)) -> Any:
    return (unieke_id, LONG_AGO, None, *site, rijstrook)


def test_the_jam_indicator_has_no_gap(spark: SparkSession) -> None:
    cases = {
        (41, 40): (40.5, 0), (40, 40): (40.0, 1), (None, 41): (41.0, 0), (None, None): (None, -1), (39, 42): (40.5, 0),
        (1, 79): (40.0, 1), (41, None): (41.0, 0),
    }  # fmt: skip
    published = [lane(speed, at, unieke_id=str(n)) for n, speeds in enumerate(cases) for at, speed in enumerate(speeds)]
    points = [point(str(n), site=("A0010001", float(n))) for n in range(len(cases))]
    rows = minutes(spark, published, points)[-len(cases) :]
    assert [(row["avg_speed_3_minutes"], row["traffic_jam_indicator"]) for row in rows] == list(cases.values())
    assert [(row["avg_speed_20_minutes"], row["traffic_jam_indicator_long"]) for row in rows] == list(cases.values())


def test_windows_are_time_based_and_gaps_are_not_bridged(spark: SparkSession) -> None:
    published = [lane(10, 0), lane(100, 2), lane(70, 3), lane(50, 20), lane(50, 22)]
    rows = minutes(spark, published, [point("29")])
    assert [row["avg_speed_3_minutes"] for row in rows] == [10, 55, 85, 50, 50]
    assert [row["avg_speed_20_minutes"] for row in rows] == [10, 55, 60, 73.333, 56.667]
    assert [row["previous_speed"] for row in rows] == [None, None, 100, None, None]
    assert [row["speed_diff_indicator"] for row in rows] == [0, 0, -1, 0, 0]


def test_a_change_of_speed_counts_from_20_km_h(spark: SparkSession) -> None:
    changes = {20: 1, 19: 0, 0: 0, -19: 0, -20: -1}
    published = [lane(60 + at * change, at, unieke_id=str(change)) for change in changes for at in (0, 1)]
    points = [point(str(change), site=("A0010001", float(n))) for n, change in enumerate(changes)]
    rows = minutes(spark, published, points)[-len(changes) :]
    assert [row["speed_diff_indicator"] for row in rows] == list(changes.values())


def test_speed_is_flow_weighted_harmonic_over_lanes_and_classes(spark: SparkSession) -> None:
    slow = lane(
        30,
        0,
        verkeersintensiteit_klasse2="3",
        verkeersintensiteit_klasse5="2",
        voertuigsnelheid_harmonisch_klasse5="60",
    )
    fast = lane(120, 0, unieke_id="30", verkeersintensiteit_klasse2="6", verkeersintensiteit_klasse1="9")
    (row,) = minutes(spark, [slow, fast], [point("29"), point("30", "R11")])
    assert row["current_speed"] == round(11 / (3 / 30 + 2 / 60 + 6 / 120), 3)
    assert [row[f"traffic_intensity_class{k}"] for k in range(2, 6)] == [9, 0, 0, 2]
    assert (row["lanes"], row["bezettingsgraad"]) == (2, 3.0)


def test_a_minute_of_lorries_only(spark: SparkSession) -> None:
    lorries = {"verkeersintensiteit_klasse5": "4", "voertuigsnelheid_harmonisch_klasse5": "38"}
    (row,) = minutes(spark, [lane(None, 0, **lorries)], [point("29")])
    assert (row["current_speed"], row["traffic_jam_indicator"]) == (38.0, 1)
    assert [row[f"traffic_intensity_class{k}"] for k in range(2, 6)] == [0, 0, 0, 4]


def test_only_the_carriageway_counts(spark: SparkSession) -> None:
    others = [("B", "B09"), ("P", "P00"), ("TR", "TR10"), ("W", "W09"), ("A", "A11"), ("shut", "S09")]
    published = [lane(90, 0), lane(60, 0, unieke_id="open")]
    published += [lane(None if name == "shut" else 10, 0, unieke_id=name) for name, _ in others]
    points = [point("29"), point("open", "S08"), *(point(name, kind) for name, kind in others)]
    (row,) = minutes(spark, published, points)
    assert (row["lanes"], row["traffic_intensity_class2"], row["current_speed"]) == (2, 2, 72.0)


def test_opposite_directions_are_two_sites_and_points_without_a_place_belong_to_no_site(spark: SparkSession) -> None:
    published = [lane(20, 0, unieke_id="a"), lane(110, 0, unieke_id="b"), lane(1, 0, unieke_id="c"), lane(2, 0)]
    points = [
        point("a", site=("A0140001", 57.669)), point("b", site=("A0140002", 57.671)), point("c", site=("A0140002", None)),
        point("d", site=("A0140001", 60.0)),
    ]  # fmt: skip
    rows = minutes(spark, published, points)
    assert [(row["ident_8"], row["current_speed"], row["traffic_jam_indicator"]) for row in rows] == [
        ("A0140001", 20.0, 1),
        ("A0140001", None, -1),  # 60.0 is configured but has no events
        ("A0140002", 110.0, 0),
    ]


def test_a_point_uses_the_configuration_of_its_time(spark: SparkSession) -> None:
    moved = EVENING + timedelta(minutes=1)
    points = [
        ("29", LONG_AGO, moved, "A0010001", 1.0, "R10"),
        ("29", moved, None, "A0010001", 2.0, "R10"),
    ]
    before = event(at=LONG_AGO - timedelta(days=1))
    rows = minutes(spark, [before, lane(90, 0), lane(80, 1)], points)
    assert [row["kmp_rsys"] for row in rows] == [1.0, 1.0, 2.0], "the first known row also applies to earlier times"


def truth(pipeline: Pipeline, published: list[dict[str, str]], points: list[dict[str, Any]]) -> None:
    """Compare the tables with an independent computation on the published events."""
    for row in points:
        row |= {"since": 0, "until": 10**11}
    wanted = expected.sites(expected.tables(published).events.values(), points)
    found = {
        (row["ident_8"], row["kmp_rsys"], int(row["tijd_waarneming"].timestamp())): row
        for row in pipeline.rows("sites")
    }
    assert found.keys() == wanted.keys()
    names = {
        "lanes": "lanes", "current_speed": "current_speed", "bezettingsgraad": "bezettingsgraad", "previous": "previous_speed",
        "average_3": "avg_speed_3_minutes", "average_20": "avg_speed_20_minutes", "jam": "traffic_jam_indicator",
        "jam_long": "traffic_jam_indicator_long", "change": "speed_diff_indicator",
        **{f"class{k}": f"traffic_intensity_class{k}" for k in range(2, 6)},
    }  # fmt: skip
    for key, row in wanted.items():
        for name, column in names.items():
            assert found[key][column] == pytest.approx(row[name], abs=0.002), (key, column)


def test_generated_traffic_across_hours_matches_the_expected_result(pipeline: Pipeline) -> None:
    """From 22:48 to 02:02: an empty hour in between, history across the hours, late events, run by run."""
    network = generate_network(3, 150)
    points = pipeline.configure(network.configuration())
    evening = [minute for minute, _ in simulate(network, EVENING + timedelta(minutes=48), 20, 5)]
    night = [minute for minute, _ in simulate(network, EVENING + timedelta(hours=3, minutes=58), 4, 6)]
    published: list[dict[str, str]] = []
    hours = []
    for part in (evening[:14], [*evening[14:], *night]):
        for minute in part:
            assert minute.published
            pipeline.deliver(minute.events, minute.published)
            published += [dict(each) for each in minute.events]
        pipeline.repartition()
        hours.append(pipeline.aggregate())
    assert hours == [["2026/03/28/22", "2026/03/28/23"], ["2026/03/28/23", "2026/03/29/01", "2026/03/29/02"]]
    truth(pipeline, published, points)
    before = pipeline.rows("sites")
    assert pipeline.aggregate() == []
    assert pipeline.rows("sites") == before


def stale(pipeline: Pipeline) -> set[str]:
    tables = pipeline.tables
    points = pipeline.spark.read.schema(aggregate.POINT).parquet(tables["points"].path)
    known = aggregate.configurations(points)
    return set(aggregate.stale(tables["events"].partitions(), tables["sites"].partitions(), known))


def test_a_corrected_configuration_recomputes_only_its_hours(spark: SparkSession) -> None:
    moved = EVENING + timedelta(minutes=30)
    old, new = ("29", LONG_AGO, moved, "A0010001", 1.0, "R10"), ("29", moved, None, "A0010001", 2.0, "R10")
    events = {
        f"{EVENING + timedelta(hours=n):%Y/%m/%d/%H}": {"StorageDescriptor": {"Location": "s3://b/version=1/"}}
        for n in range(-2, 3)
    }

    def made_of(*points: Any) -> dict[str, str]:
        return aggregate.inputs(events, aggregate.configurations(spark.createDataFrame(points, aggregate.POINT)))

    as_it_was, corrected = made_of(old, new), made_of(old, (*new[:4], 2.5, "R10"))
    changed = [hour for hour in events if as_it_was[hour] != corrected[hour]]
    assert changed == list(events)[2:], "not the hours before the move"
    assert made_of(old, new) == as_it_was


def test_the_next_run_finishes_what_a_killed_run_left(pipeline: Pipeline) -> None:
    pipeline.configure(generate_network(3, 5).configuration())
    pipeline.deliver([lane(90, 0, unieke_id="1"), lane(90, 60, unieke_id="1")], EVENING)
    pipeline.repartition()
    assert pipeline.aggregate("first") == ["2026/03/28/22", "2026/03/28/23"]
    pipeline.deliver([lane(80, 61, unieke_id="1")], EVENING)
    pipeline.repartition()
    assert stale(pipeline) == {"2026/03/28/23"}
    pipeline.deliver([lane(80, 1, unieke_id="1")], EVENING)
    pipeline.repartition()
    assert pipeline.aggregate("second") == ["2026/03/28/22", "2026/03/28/23"], "the next hour's windows include it"
    marks = {hour: part["Parameters"]["execution"] for hour, part in pipeline.tables["sites"].partitions().items()}
    assert set(marks.values()) == {"second"}


def test_the_columns_are_those_of_the_catalog(spark: SparkSession, resources: dict[str, Any]) -> None:
    table = next(r["TableInput"] for r in resources["tables"] if r["TableInput"]["Name"] == "sites")
    columns = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
    events = spark.createDataFrame([], aggregate.EVENT).withColumn("partition", F.lit(""))
    frame = aggregate.sites_of(events, spark.createDataFrame([], aggregate.POINT), ["x"])
    assert {name: kind for name, kind in frame.dtypes if name != "partition"} == columns


@pytest.mark.parametrize(
    ("hour", "before"),
    [("2027/01/01/00", "2026/12/31/23"), ("2026/03/01/00", "2026/02/28/23"), ("2026/03/29/01", "2026/03/29/00")],
)
def test_the_hour_before(hour: str, before: str) -> None:
    assert aggregate.hour_before(hour) == before


def test_the_real_minute(pipeline: Pipeline, miv_samples: Path) -> None:
    points = pipeline.configure((miv_samples / "configuratie.xml.gz").read_bytes())
    minute = read_minute(miv_samples / "verkeersdata.xml.gz", print)
    pipeline.deliver(minute.events, datetime(2017, 4, 27, 13, 40, tzinfo=timezone.utc))
    pipeline.repartition()
    pipeline.aggregate()
    rows = {(row["ident_8"], row["kmp_rsys"]): row for row in pipeline.rows("sites")}
    assert len(rows) == len(pipeline.rows("sites")) == 2183
    truth(pipeline, [dict(each) for each in minute.events], points)
    sites = {row["unieke_id"]: (row["ident_8"], row["kmp_rsys"]) for row in points}
    dead = {each["unieke_id"] for each in minute.events if each["voertuigsnelheid_harmonisch_klasse2"] == "254"
            and each["rekendata_beschikbaarheidsgraad"] == "0"}  # fmt: skip
    assert len(dead) == 90
    alone = [site for site in {sites[each] for each in dead} if site in rows and rows[site]["lanes"] == 0]
    assert alone
    assert {rows[site]["traffic_jam_indicator"] for site in alone} == {-1}, "a dead loop is unknown, not free flow"
    for one, other in (("32", "37"), ("3388", "3391")):  # lve 16 and 397: both directions of a road in one cabinet
        assert sites[one] != sites[other]
        assert rows[sites[one]]["current_speed"] != rows[sites[other]]["current_speed"]


def test_the_workflow_run_of_a_run_is_in_its_arguments() -> None:
    assert aggregate.workflow_run(["a.py", "--JOB_NAME", "aggregate", "--WORKFLOW_RUN_ID", "wr_1"]) == "wr_1"
    assert aggregate.workflow_run(["a.py", "--JOB_NAME", "aggregate", "--execution", "by-hand"]) is None
