import json
from datetime import datetime, timezone
from typing import Any

import check_quality
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

SITE = {
    "ident_8": "A0010001", "kmp_rsys": 1.5, "tijd_waarneming": datetime(2026, 3, 28, 22, tzinfo=timezone.utc),
    "current_speed": 90.0, "bezettingsgraad": 5.0, **{f"traffic_intensity_class{k}": 3 for k in range(2, 6)},
}  # fmt: skip
TYPES = pa.Table.from_pylist([SITE]).schema


def sites(*changes: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([{**SITE, **change} for change in changes], TYPES)


def events(*minutes: int) -> pa.Table:
    moments = [datetime(2026, 3, 28, 22, minute, tzinfo=timezone.utc) for minute in minutes]
    return pa.table({"tijd_waarneming": pa.array(moments, pa.timestamp("us", tz="UTC"))})


@pytest.mark.parametrize(
    ("minutes", "points", "found"),
    [((0, 0, 1, 1), 2, (2, 1.0)), ((0, 0, 3), 2, (4, 0.375)), ((), 2, (0, 0.0)), ((5,), 0, (1, 0.0))],
)
def test_completeness_counts_the_minutes_in_between(
    minutes: tuple[int, ...], points: int, found: tuple[int, float]
) -> None:
    assert check_quality.completeness(events(*minutes), points) == found


@pytest.mark.parametrize(
    ("change", "share"),
    [
        ({}, 0.0),
        ({"current_speed": None, "bezettingsgraad": None}, 0.0),
        ({"current_speed": 200.0}, 0.0),
        ({"current_speed": 252.0}, 0.5),
        ({"current_speed": 0.0}, 0.5),
        ({"bezettingsgraad": 101.0}, 0.5),
        ({"bezettingsgraad": -1.0}, 0.5),
        ({"traffic_intensity_class4": -1}, 0.5),
        ({"current_speed": 300.0, "bezettingsgraad": 300.0}, 0.5),
    ],
)
def test_implausible_values(change: dict[str, Any], share: float) -> None:
    assert check_quality.implausible(sites({}, change)) == share


def test_duplicate_sites_are_found() -> None:
    assert check_quality.repeated(sites({}, {"kmp_rsys": 2.0}, {})) == 1


def test_each_failed_check_is_described_in_a_sentence() -> None:
    hour = check_quality.Hour("2026/03/28/22", 60, 100, 0.42, 10, 2, 0.5)
    assert check_quality.violations([hour], 0.5, 0.01) == [
        "2026/03/28/22: 42.0% complete, at least 50.0% required",
        "2026/03/28/22: 50.0% implausible, at most 1.0% allowed",
        "2026/03/28/22: 2 sites occur more than once in a minute",
    ]
    assert check_quality.violations([hour], 0.42, 0.5)[0].endswith("more than once in a minute")


@pytest.fixture
def project(cloud: tuple[Any, Any], resources: dict[str, Any]) -> tuple[Any, Any]:
    glue, s3 = cloud
    s3.create_bucket(Bucket="traffic-curated")
    glue.create_database(DatabaseInput={"Name": "traffic"})
    for request in resources["tables"]:
        glue.create_table(**request)
    put(
        s3,
        "points/points.parquet",
        pa.table({"unieke_id": ["1", "2", "3"], "valid_to": [None, None, SITE["tijd_waarneming"]]}),
    )
    put(s3, "events/v/part.parquet", events(0, 0, 1))
    put(s3, "sites/v/part.parquet", sites({}))
    for table in ("events", "sites"):
        partition = {
            "Values": ["2026", "03", "28", "22"],
            "StorageDescriptor": {"Location": f"s3://traffic-curated/{table}/v/"},
            "Parameters": {"execution": "mine"},
        }
        glue.create_partition(DatabaseName="traffic", TableName=table, PartitionInput=partition)
    return glue, s3


def put(s3: Any, key: str, table: pa.Table) -> None:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    s3.put_object(Bucket="traffic-curated", Key=key, Body=sink.getvalue().to_pybytes())


def run(s3: Any, min_completeness: str, execution: str = "mine") -> None:
    arguments = {
        "--database": "traffic", "--execution": execution, "--report_path": "s3://traffic-curated/quality/",
        "--min_completeness": min_completeness, "--max_implausible": "0.01", "--job-bookmark-option": "job-bookmark-disable",
    }  # fmt: skip
    check_quality.main(["library-set", "analytics", *(text for pair in arguments.items() for text in pair)])


def report(s3: Any, execution: str = "mine") -> Any:
    return json.load(s3.get_object(Bucket="traffic-curated", Key=f"quality/{execution}.json")["Body"])


def test_good_hours_are_reported(project: tuple[Any, Any]) -> None:
    run(project[1], "0.75")
    assert report(project[1]) == {
        "execution": "mine",
        "hours": [
            {"hour": "2026/03/28/22", "minutes": 2, "events": 3, "completeness": 0.75, "site_minutes": 1, "repeated": 0, "implausible": 0.0}
        ],
        "violations": [],
    }  # fmt: skip


def test_an_incomplete_hour_fails_the_run_and_is_reported(project: tuple[Any, Any]) -> None:
    with pytest.raises(check_quality.QualityViolation, match="75.0% complete, at least 76.0% required"):
        run(project[1], "0.76")
    assert len(report(project[1])["violations"]) == 1


def test_only_hours_of_the_execution_are_checked(project: tuple[Any, Any]) -> None:
    run(project[1], "1", execution="another")
    assert report(project[1], "another")["hours"] == []


def test_a_workflow_run_is_an_execution(project: tuple[Any, Any]) -> None:
    _, s3 = project
    arguments = ["--database", "traffic", "--execution", "by-hand", "--report_path", "s3://traffic-curated/quality/"]
    limits = ["--min_completeness", "0.75", "--max_implausible", "0.01"]
    check_quality.main([*arguments, *limits, "--WORKFLOW_NAME", "traffic_arrivals", "--WORKFLOW_RUN_ID", "mine"])
    assert [hour["hour"] for hour in report(s3)["hours"]] == ["2026/03/28/22"]
