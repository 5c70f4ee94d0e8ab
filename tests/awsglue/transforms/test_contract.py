"""Every transform works on nested, empty, null-only, wide, choice-typed and Unicode data, and is lazy.

Also on the result of a Python function, whose schema is inferred only on first use.
"""

import inspect
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

import awsglue.transforms as transforms
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.gluetypes import Field, StringType
from awsglue.gluetypes import StructType as GlueStruct
from awsglue.json_types.inference import JsonFiles, read

WIDE = 1000
DATA: dict[str, list[dict[str, Any]]] = {
    "nested": [{"a": 1, "s": {"b": {"c": "x"}}, "l": [{"d": [1, 2]}], "t": '{"z": 1}'}] * 2,
    "null-only": [{"a": None, "s": None, "t": None}] * 2,
    "choice": [{"a": 1, "s": {"b": 1}, "l": [1]}, {"a": "x", "s": {"b": "y"}, "l": ["z", {"q": 1}], "t": "{}"}],
    "unicode": [{"a": 1, "naïve 日本.語": "é😀", "s": {"ключ": "значение"}, "t": '{"é": "😀"}'}] * 2,
}


def keep(record: Any) -> Any:
    return record


def _text_t(frame: DynamicFrame) -> DynamicFrame:
    # A field that is always null equals nothing.
    return frame.resolveChoice(specs=("t", "cast:string"))


TRANSFORMS: dict[str, Callable[[DynamicFrame, Path], Any]] = {
    "ApplyMapping": lambda f, _: transforms.ApplyMapping.apply(f, [("a", "long", "x.y", "string")]),
    "Coalesce": lambda f, _: transforms.Coalesce.apply(f, 1),
    "DropFields": lambda f, _: transforms.DropFields.apply(f, ["s.b", "l.d", "none"]),
    "DropNullFields": lambda f, _: transforms.DropNullFields.apply(f),
    "ErrorsAsDynamicFrame": lambda f, _: transforms.ErrorsAsDynamicFrame.apply(f),
    "Filter": lambda f, _: transforms.Filter.apply(f, keep),
    "FlatMap": lambda f, _: transforms.FlatMap.apply(
        DynamicFrameCollection({"f": f}, f.glue_ctx), transforms.SelectFields, "frame", paths=["a"]
    ),
    "Join": lambda f, _: transforms.Join.apply(_text_t(f), _text_t(f).select_fields(["t", "a"]), ["t"], ["t"]),
    "Map": lambda f, _: transforms.Map.apply(f, keep),
    "MapToCollection": lambda f, _: transforms.MapToCollection.apply(
        DynamicFrameCollection({"f": f}, f.glue_ctx), lambda one, ctx: one.unnest()
    ),
    "Relationalize": lambda f, path: transforms.Relationalize.apply(f, str(path), "root"),
    "RenameField": lambda f, _: transforms.RenameField.apply(f, "a", "b"),
    "Repartition": lambda f, _: transforms.Repartition.apply(f, 2),
    "ResolveChoice": lambda f, _: transforms.ResolveChoice.apply(f, choice="make_cols"),
    "SelectFields": lambda f, _: transforms.SelectFields.apply(f, ["a"]),
    "SelectFromCollection": lambda f, _: transforms.SelectFromCollection.apply(
        DynamicFrameCollection({"f": f}, f.glue_ctx), "f"
    ),
    "Spigot": lambda f, path: transforms.Spigot.apply(f, str(path / "sample"), {"topk": 1}),
    "SplitFields": lambda f, _: transforms.SplitFields.apply(f, ["a"]),
    "SplitRows": lambda f, _: transforms.SplitRows.apply(f, {"t": {"=": "{}"}}),
    "Unbox": lambda f, _: transforms.Unbox.apply(f, "t", "json"),
    "Union": lambda f, _: transforms.Union.apply(f, f),
    "UnnestFrame": lambda f, _: transforms.UnnestFrame.apply(f),
    "simplify_ddb_json": lambda f, _: f.simplify_ddb_json(),
    "unnest_ddb_json": lambda f, _: f.unnest_ddb_json(),
    "mergeDynamicFrame": lambda f, _: f.mergeDynamicFrame(f, ["t"]),
    "mapPartitions": lambda f, _: f.mapPartitions(lambda rows: rows),
    "mapPartitionsWithIndex": lambda f, _: f.mapPartitionsWithIndex(lambda index, rows: rows),
    "with_frame_schema": lambda f, _: f.with_frame_schema(GlueStruct([Field("a", StringType())])),
}
METHODS = {"unnest": "UnnestFrame"}  # the other classes are named after their methods

# Spigot writes a sample immediately, and relationalize needs the schema for the names of its tables.
RUN_AT_ONCE = {("Spigot", data) for data in (*DATA, "wide", "no records", "unread")} | {("Relationalize", "unread")}
# A frame without fields has no field to compare.
NEED_A_FIELD = {"Join", "SplitRows", "mergeDynamicFrame"}
PAIRS = [
    pytest.param(data, name, marks=[pytest.mark.long] if data == "wide" else [])
    for data in [*DATA, "wide", "empty", "no records", "unread"]
    for name in TRANSFORMS
    if data != "empty" or name not in NEED_A_FIELD
]


@pytest.fixture(scope="module")
def frame_of(spark: SparkSession, tmp_path_factory: Any) -> Any:
    """Return a cached function that returns the frame for a kind of data."""
    context = GlueContext(spark)

    @cache
    def kept(data: str) -> DynamicFrame:
        if data == "no records":
            schema = "a long, s struct<b: struct<c: string>>, l array<struct<d: array<long>>>, t string"
            return DynamicFrame(spark.createDataFrame([], schema), context, "f")
        if data == "empty":
            return DynamicFrame(spark.createDataFrame([], StructType([])), context, "f")
        path = tmp_path_factory.mktemp("data") / "a.json"
        if data == "wide":
            path.write_text(json.dumps({f"c{place}": place for place in range(WIDE)} | {"a": 1, "t": "{}"}))
            columns = "".join(f", c{place} bigint" for place in range(WIDE))
            return DynamicFrame(spark.read.schema(f"a bigint, t string{columns}").json(str(path)), context, "f")
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in DATA[data]), "utf-8")
        return DynamicFrame(read(spark, JsonFiles([str(path)])), context, "f")

    return lambda data: kept("nested").map(keep) if data == "unread" else kept(data)


def test_every_transform_is_tested() -> None:
    emulated = {one.__name__ for one in transforms.get_transforms() if one.returns is not None}
    assert emulated <= set(TRANSFORMS)
    here = {name.replace("_", "").lower() for name in TRANSFORMS}
    methods = inspect.getmembers(DynamicFrame, inspect.isfunction)
    mine = {name for name, one in methods if "transformation_ctx" in inspect.signature(one).parameters}
    assert {name for name in mine if METHODS.get(name, name).replace("_", "").lower() not in here} == set()


@pytest.mark.parametrize(("data", "name"), PAIRS)
def test_a_transform_accepts_any_data_and_is_lazy(
    data: str, name: str, frame_of: Callable[[str], DynamicFrame], jobs: Callable[[], int], tmp_path: Path
) -> None:
    source = frame_of(data)
    before = jobs()
    made = TRANSFORMS[name](source, tmp_path)
    assert (jobs() > before) == ((name, data) in RUN_AT_ONCE)
    frames = list(made.values()) if isinstance(made, DynamicFrameCollection) else [made]
    for frame in frames:
        frame.printSchema()
        rows = frame.toDF().collect()
        # Planning 2 000 columns takes long; once is enough.
        assert data == "wide" or len(rows) == frame.count()
