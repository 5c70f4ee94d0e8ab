"""Glue Studio's transforms on frames, each by an example of its page where the page has one."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glue_local.worker import studio_transforms

pytestmark = pytest.mark.spark
BUCKET = "s3://aws-glue-studio-transforms-510798373988-prod-us-east-1"


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module gs_common as a script imports it, with every transform attached."""
    folder = tmp_path_factory.mktemp("transforms")
    for name in studio_transforms.NAMES:
        studio_transforms.write(name, folder)
    names = ("gs_common", *studio_transforms.NAMES)
    sys.path.insert(0, str(folder))
    yield [importlib.import_module(name) for name in names][0]
    sys.path.remove(str(folder))
    for name in names:
        del sys.modules[name]


def rows(frame: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in frame.collect()]


@pytest.fixture
def sql(spark: Any, common: Any) -> Any:
    return spark.sql


def test_a_dynamic_frame_has_the_transforms_too(spark: Any, common: Any) -> None:
    from awsglue.context import GlueContext
    from awsglue.dynamicframe import DynamicFrame

    frame = DynamicFrame.fromDF(spark.range(2), GlueContext(spark.sparkContext), "frame")
    changed = frame.gs_derived(colName="twice", expr="id * 2").gs_uuid()
    assert isinstance(changed, DynamicFrame)
    assert [(row.id, row.twice, len(row.uuid)) for row in changed.toDF().collect()] == [(0, 0, 36), (1, 2, 36)]


def test_split_array_to_cols_and_concat(sql: Any) -> None:
    frame = sql("select 'garden,tools' as categories, cast(null as string) as note")
    split = frame.gs_split(colName="categories", pattern=",", newColName="categories_arr")
    assert split.collect()[0].categories_arr == ["garden", "tools"]
    columns = split.gs_array_to_cols(colName="categories_arr", colList="first, second, third")
    assert rows(columns.select("first", "second", "third")) == [("garden", "tools", None)]
    assert rows(split.gs_array_to_cols(colName="categories_arr", colList="b", indexes="2").select("b")) == [("tools",)]
    joined = columns.gs_concat(colName="all", colList=["first", "note", "second"], spacer="-")
    assert joined.collect()[0]["all"] == "garden--tools"
    with pytest.raises(ValueError, match="2 columns but 1 indexes"):
        split.gs_array_to_cols(colName="categories_arr", colList="a,b", indexes="1")


def test_explode_gives_a_row_for_each_element(sql: Any) -> None:
    frame = sql("select 1 as id, array('a', 'b') as c union all select 5, array()")
    assert rows(frame.gs_explode(colName="c").orderBy("id", "c")) == [(1, "a"), (1, "b")]
    assert (5, None) in rows(frame.gs_explode(colName="c", outer=True))
    assert frame.gs_explode(colName="c", newCol="d").columns == ["id", "c", "d"]
    mapped = sql("select 1 as id, map('x', 2) as m")
    assert [row.asDict() for row in mapped.gs_explode(colName="m").collect()] == [{"id": 1, "key": "x", "value": 2}]


def test_flatten_names_fields_by_their_path(sql: Any) -> None:
    frame = sql("select named_struct('home', named_struct('code', 32, 'number', 'x')) as phone, 1 as id")
    assert frame.gs_flatten().columns == ["phone.home.code", "phone.home.number", "id"]
    assert frame.gs_flatten(maxLevels=1, separator="_").columns == ["phone_home", "id"]
    assert rows(frame.gs_flatten(separator="_")) == [(32, "x", 1)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1667400059", "seconds"),
        ("1667400059000", "milliseconds"),
        ("1667400059000000", "microseconds"),
        ("'2022-11-02T14:40:59Z'", "iso"),
    ],
)
def test_timestamps_from_numbers_and_strings(sql: Any, value: str, kind: str) -> None:
    frame = sql(f"select {value} as t")
    for one in (kind, "autodetect"):
        converted = frame.gs_to_timestamp(colName="t", colType=one, newColName="at")
        assert rows(converted.selectExpr("unix_timestamp(at)", "t is not null")) == [(1667400059, True)], one


def test_timestamps_to_strings(sql: Any, common: Any) -> None:
    frame = sql("select timestamp '2023-01-01 05:06:00' as t")
    assert rows(frame.gs_format_timestamp(colName="t", dateFormat="%Y-%m-%d %H:%M")) == [("2023-01-01 05:06",)]
    assert rows(frame.gs_format_timestamp(colName="t", dateFormat="yyyy/MM", newColName="m").select("m")) == [
        ("2023/01",)
    ]
    assert common.spark_format("%dT%H%%") == "dd'T'HH%"
    with pytest.raises(ValueError, match="%Q is not supported"):
        common.spark_format("%Q")
    now = frame.gs_now(colName="n").gs_now(dateFormat="yyyy")
    assert [kind for _, kind in now.dtypes] == ["timestamp", "timestamp", "string"]


def test_null_rows_are_dropped(sql: Any) -> None:
    frame = sql(
        "select cast(null as string) as a, cast(null as array<int>) as b union all select '', array() union all select 'x', null"
    )
    assert frame.gs_null_rows().count() == 2
    assert rows(frame.gs_null_rows(extended=True)) == [("x", None)]


def test_pivot_makes_columns_of_values(sql: Any) -> None:
    frame = sql("select * from values (1, 'a', 2), (1, 'a', 4), (1, 'b', 5) as t(id, kind, n)")
    assert [row.asDict() for row in frame.gs_pivot(aggCol="n", aggFunction="sum", colList=["kind"]).collect()] == [
        {"id": 1, "a": 6, "b": 5}
    ]


def test_identifiers_and_partitions(spark: Any, common: Any) -> None:
    frame = spark.range(20).gs_repartition(numPartitionsStr="3")
    assert frame.rdd.getNumPartitions() == 3
    assert frame.gs_sequence_id(colName="n").select("n").distinct().count() == 20
    unique = frame.gs_sequence_id(colName="n", unique=True)
    assert dict(unique.dtypes)["n"] == "decimal(38,0)"
    assert unique.select("n").distinct().count() == 20


@pytest.mark.parametrize(
    ("location", "module"),
    [
        (f"{BUCKET}/gs_now.py", "gs_now"),
        (f"{BUCKET}/gs_common.py", "gs_common"),
        ("s3://mine/gs_now.py", None),
        (f"{BUCKET}/other/gs_now.py", None),
    ],
)
def test_only_awss_buckets_have_them(location: str, module: str | None) -> None:
    assert studio_transforms.module_named(location) == module


def test_another_transform_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="gs_lookup"):
        studio_transforms.write("gs_lookup", tmp_path)


def test_every_transform_has_a_file(common: Any) -> None:
    assert tuple(common.TRANSFORMS) == studio_transforms.NAMES
