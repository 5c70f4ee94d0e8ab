"""Folders become tables and partitions as AWS documents it."""

import json
from typing import Any

import pytest

from tests.crawl.conftest import Lake, columns, keys

AB, CD = '{"a": 1, "b": 2}\n', '{"c": 3, "d": 4}\n'


def test_named_folders_are_partitions_of_one_table(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html (the first example)."""
    days = [("Jan", "1"), ("Jan", "2"), ("Feb", "1"), ("Feb", "2")]
    lake.put({f"sales/year=2019/month={month}/day={day}/a.json": AB for month, day in days})
    lake.crawl("sales/")
    table = lake.table()
    assert (table["Name"], keys(table)) == ("sales", ["year", "month", "day"])
    assert table["StorageDescriptor"]["Location"] == f"s3://{lake.bucket}/sales/"
    found = lake.partitions("sales")
    assert set(found) == {("2019", month, day) for month, day in days}
    assert found["2019", "Jan", "2"]["StorageDescriptor"]["Location"] == (
        f"s3://{lake.bucket}/sales/year=2019/month=Jan/day=2/"
    )


PAGE_EXAMPLE = {
    f"folder1/{table}/partition{number}/file.txt": AB
    for table, numbers in {"table1": (1, 2, 3), "table2": (4, 5)}.items()
    for number in numbers
}


def test_similar_tables_in_one_target_are_one_table(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html (the second example)."""
    lake.put(PAGE_EXAMPLE)
    lake.crawl("folder1/")
    assert keys(lake.table()) == ["partition_0", "partition_1"]
    assert set(lake.partitions("folder1")) == {
        ("table1", "partition1"),
        ("table1", "partition2"),
        ("table1", "partition3"),
        ("table2", "partition4"),
        ("table2", "partition5"),
    }


def test_two_targets_are_two_tables(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html (the end of the second example)."""
    lake.put(PAGE_EXAMPLE)
    paths = [f"s3://{lake.bucket}/folder1/table1/", f"s3://{lake.bucket}/folder1/table2"]
    lake.crawl(Targets={"S3Targets": [{"Path": path} for path in paths]})
    assert {name: keys(table) for name, table in lake.tables().items()} == {
        "table1": ["partition_0"],
        "table2": ["partition_0"],
    }
    assert set(lake.partitions("table2")) == {("partition4",), ("partition5",)}


def test_different_schemas_are_separate_tables(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-grouping-policy.html"""
    lake.put({"table1/year=2017/data1.json": AB, "table1/year=2018/data2.json": CD})
    lake.crawl("table1/")
    assert {name: columns(table) for name, table in lake.tables().items()} == {
        "year_2017": {"a": "int", "b": "int"},
        "year_2018": {"c": "int", "d": "int"},
    }


def test_compatible_schemas_are_combined_on_demand(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-grouping-policy.html"""
    lake.put({"table1/year=2017/data1.json": AB, "table1/year=2018/data2.json": CD})
    grouping = {"TableGroupingPolicy": "CombineCompatibleSchemas"}
    lake.crawl("table1/", Configuration=json.dumps({"Version": 1.0, "Grouping": grouping}))
    table = lake.table()
    assert columns(table) == {"a": "int", "b": "int", "c": "int", "d": "int"}
    assert (table["Name"], keys(table)) == ("table1", ["year"])
    # Each partition has its own schema.
    assert columns(lake.partitions("table1")["2018",]) == {"c": "int", "d": "int"}


def test_the_majority_of_the_schemas_decides(lake: Lake) -> None:
    """https://repost.aws/knowledge-center/glue-crawler-detect-schema (more than 70 % of at most five clusters)."""
    lake.put({f"data/day={day}/a.json": CD if day == 9 else AB for day in range(10)})
    lake.crawl()
    assert columns(lake.table()) == {"a": "int", "b": "int", "c": "int", "d": "int"}
    assert len(lake.partitions("data")) == 10


@pytest.mark.parametrize(
    ("level", "expected"),
    [(2, {"mydata": ["partition_0", "partition_1"]}), (3, {"x": ["partition_0"], "y": ["partition_0"]})],
)
def test_the_table_level_counts_from_the_bucket(lake: Lake, level: int, expected: Any) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/crawler-table-level.html"""
    lake.put({f"mydata/{folder}/{part}/a.json": AB for folder in "xy" for part in ("1", "2")})
    configuration = {"Version": 1.0, "Grouping": {"TableLevelConfiguration": level}}
    lake.crawl("mydata/", Configuration=json.dumps(configuration))
    assert {name: keys(table) for name, table in lake.tables().items()} == expected


def test_different_formats_are_separate_tables(lake: Lake) -> None:
    lake.put({"data/a/x.json": AB, "data/b/x.csv": "id,name\n1,x\n2,y\n"})
    lake.crawl()
    assert {name: table["Parameters"]["classification"] for name, table in lake.tables().items()} == {
        "a": "json",
        "b": "csv",
    }


def test_objects_beside_folders_are_tables_of_their_own(lake: Lake) -> None:
    lake.put({"data/top.json": AB, "data/day=1/x.json": AB, "data/day=2/x.json": AB})
    lake.crawl()
    assert set(lake.tables()) == {"top_json", "day_1", "day_2"}
    assert lake.tables()["top_json"]["StorageDescriptor"]["Location"] == f"s3://{lake.bucket}/data/top.json"


def test_a_path_may_be_one_object(lake: Lake) -> None:
    lake.put({"data/one.json": AB, "data/two.json": AB})
    lake.crawl("data/one.json")
    assert set(lake.tables()) == {"one_json"}


def test_partitions_of_unequal_depth_are_separate_tables(lake: Lake) -> None:
    lake.put({"data/a/x.json": AB, "data/b/c/x.json": AB})
    lake.crawl()
    assert {name: keys(table) for name, table in lake.tables().items()} == {"a": [], "b": ["partition_0"]}
