"""The common transforms, as classes and as methods, with AWS's documented rules."""

from typing import Any

import pytest
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

import awsglue.transforms as transforms
from awsglue.columns.choice import cast_strings
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.transforms import (
    ApplyMapping,
    DropFields,
    DropNullFields,
    Filter,
    Join,
    Map,
    RenameField,
    ResolveChoice,
    SelectFields,
    SelectFromCollection,
    Union,
)
from awsglue.unemulated import TRANSFORMS

PERSON = '{"id": 1, "name": {"first": "An", "last": "Peeters"}, "tags": [{"k": "a", "v": 1}], "age": "41"}'


def test_apply_mapping_renames_casts_nests_and_drops_the_rest(frame: Any, rows: Any) -> None:
    mapped = ApplyMapping.apply(
        frame=frame(PERSON),
        mappings=[
            ("id", "long", "key", "string"),
            ("name.first", "string", "first", "string"),
            ("AGE", "string", "about.age", "int"),
            ("missing", "string", "missing", "string"),
        ],
    )
    assert rows(mapped) == [{"key": "1", "first": "An", "about": {"age": 41}}]


def test_apply_mapping_takes_two_and_three_parts_and_quoted_dots(frame: Any, rows: Any) -> None:
    mapped = frame('{"a.b": 1, "c": 2}').apply_mapping([("`a.b`", "d"), ("c", "`e.f`", "string")])
    assert rows(mapped) == [{"d": 1, "e.f": "2"}]


def test_apply_mapping_ignores_bare_shapes_and_casts_decimals_as_glue(frame: Any, rows: Any) -> None:
    mapped = frame('{"tags": [{"v": 1}], "n": 1.5}').apply_mapping(
        [("tags", "array", "tags", "array"), ("n", "double", "n", "decimal")]
    )
    assert str(rows(mapped)[0]["n"]) == "1.50"
    assert mapped.toDF().schema["tags"].dataType.simpleString() == "array<struct<v:bigint>>"


@pytest.mark.parametrize("targets", [("o.x", "o"), ("o", "o.x")])
def test_apply_mapping_rejects_a_target_that_is_a_value_and_a_struct(frame: Any, targets: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="'o'"):
        frame('{"a": 1, "b": 2}').apply_mapping([("a", targets[0]), ("b", targets[1])])


@pytest.mark.parametrize(("mapping", "error"), [(("a",), ValueError), ("a", TypeError)])
def test_apply_mapping_rejects_invalid_mappings(frame: Any, mapping: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        frame('{"a": 1}').apply_mapping([mapping])


def test_a_case_sensitive_mapping(frame: Any) -> None:
    assert frame('{"a": 1}').apply_mapping([("A", "b")], case_sensitive=True).toDF().columns == []
    assert frame('{"a": 1}').apply_mapping([("A", "b")]).toDF().columns == ["b"]


def test_fields_are_selected_dropped_and_renamed(frame: Any) -> None:
    person = frame(PERSON)
    assert SelectFields.apply(person, ["id", "nothing"]).toDF().columns == ["id"]
    dropped = DropFields.apply(person, ["age", "name.last", "tags.v"]).toDF()
    assert dropped.columns == ["id", "name", "tags"]
    assert dropped.schema["name"].dataType.names == ["first"]
    assert dropped.schema["tags"].dataType.elementType.names == ["k"]
    assert "key" in RenameField.apply(person, "id", "key").toDF().columns


def test_null_fields_are_dropped_at_any_depth(frame: Any, glue_context: Any, capsys: Any) -> None:
    data = frame('{"a": 1, "s": {"b": 2}}').toDF()
    with_nulls = data.withColumn("n", F.lit(None)).withColumn("s", F.col("s").withField("m", F.lit(None)))
    kept = DropNullFields.apply(frame=type(frame('{"a": 1}')).fromDF(with_nulls, glue_context))
    assert kept.toDF().columns == ["a", "s"]
    assert kept.toDF().schema["s"].dataType.names == ["b"]
    assert "null_fields" in capsys.readouterr().out


def test_filter_keeps_the_schema_and_drops_records_that_raise(frame: Any, rows: Any) -> None:
    numbers = frame('{"a": 1, "s": {"b": 1}}', '{"a": 2, "s": {"b": 2}}', '{"a": 3}')
    kept = Filter.apply(frame=numbers, f=lambda record: record["s"]["b"] > 1)
    assert [row["a"] for row in rows(kept)] == [2]
    assert kept.toDF().schema == numbers.toDF().schema


def test_map_can_change_the_schema(frame: Any, rows: Any) -> None:
    def doubled(record: Any) -> Any:
        record["double"] = 2 * record.a
        del record["a"]
        return record

    assert rows(Map.apply(frame=frame('{"a": 1}', '{"a": 2}'), f=doubled)) == [{"double": 2}, {"double": 4}]


def test_map_drops_records_that_fail(frame: Any, rows: Any) -> None:
    mapped = Map.apply(frame=frame('{"a": 1}', '{"a": 2}'), f=lambda record: record if record.a == 1 else 7)
    assert rows(mapped) == [{"a": 1}]


def test_join_keeps_the_keys_of_both(frame: Any, rows: Any) -> None:
    left, right = frame('{"id": 1, "x": "l"}', '{"id": 2, "x": "l"}', name="l"), frame('{"id": 2, "y": "r"}', name="r")
    joined = Join.apply(left, right, ["id"], ["id"])
    assert rows(joined) == [{"id": 2, "x": "l", ".id": 2, "y": "r"}]
    assert joined.name == "lr"


def test_a_join_with_a_source_without_new_files_is_empty(frame: Any, glue_context: Any) -> None:
    nothing = DynamicFrame(glue_context.spark_session.createDataFrame([], StructType([])), glue_context, "n")
    assert Join.apply(frame('{"id": 1}'), nothing, ["id"], ["id"]).count() == 0
    assert Join.apply(nothing, frame('{"id": 1}'), ["id"], ["id"]).count() == 0


def test_a_second_join_names_the_duplicate_field(frame: Any) -> None:
    left = Join.apply(frame('{"id": 1}'), frame('{"id": 1}'), ["id"], ["id"])
    with pytest.raises(ValueError, match=r"\.id"):
        Join.apply(left, frame('{"id": 1}'), ["id"], ["id"])


def test_union_fills_missing_fields_with_null(frame: Any, rows: Any) -> None:
    assert rows(Union.apply(frame('{"a": 1}'), frame('{"b": 2}'))) == [{"a": 1, "b": None}, {"a": None, "b": 2}]


def test_select_from_collection(frame: Any, glue_context: Any) -> None:
    one = frame('{"a": 1}', name="one")
    collection = DynamicFrameCollection({"one": one}, glue_context)
    assert SelectFromCollection.apply(dfc=collection, key="one") is one
    with pytest.raises(TypeError):
        DynamicFrameCollection("one", glue_context)


class TestResolveChoice:
    @pytest.fixture
    def provider(self, glue_context: Any, spark: Any) -> Any:
        """AWS's data-cleaning example: a bigint column with one word in it."""
        strings = spark.createDataFrame([("10001",), ("10005",), ("stray",)], ["provider id"])
        return DynamicFrame.fromDF(cast_strings(strings, {"provider id": "bigint"}), glue_context, "medicare")

    def test_a_choice_shows_its_types(self, provider: Any, capsys: Any) -> None:
        provider.printSchema()
        printed = capsys.readouterr().out
        assert "|-- provider id: choice" in printed
        assert "long" in printed
        assert "string" in printed
        assert isinstance(provider.toDF().schema["provider id"].dataType, StructType)

    def test_cast_returns_null_for_values_that_do_not_parse(self, provider: Any, rows: Any) -> None:
        cast = ResolveChoice.apply(frame=provider, specs=[("provider id", "cast:long")])
        assert {row["provider id"] for row in rows(cast)} == {10001, 10005, None}

    def test_make_cols_makes_a_column_per_type(self, provider: Any) -> None:
        made = provider.resolveChoice(specs=[("provider id", "make_cols")]).toDF()
        assert made.columns == ["provider id_long", "provider id_string"]

    def test_make_struct_is_a_plain_struct(self, provider: Any) -> None:
        made = provider.resolveChoice(choice="make_struct")
        assert made.schema().getField("provider id").dataType.typeName() == "struct"

    def test_project_keeps_one_type(self, provider: Any, rows: Any) -> None:
        kept = rows(provider.resolveChoice(specs=[("provider id", "project:string")]))
        assert {row["provider id"] for row in kept} == {None, "stray"}

    def test_a_plain_column_is_cast(self, frame: Any, rows: Any) -> None:
        assert rows(frame('{"a": "7"}').resolveChoice(specs=[("a", "cast:int")])) == [{"a": 7}]

    def test_exactly_one_of_specs_and_choice_is_required(self, frame: Any) -> None:
        with pytest.raises(ValueError, match="both missing, add one"):
            frame('{"a": 1}').resolveChoice()
        with pytest.raises(ValueError, match="choose one"):
            frame('{"a": 1}').resolveChoice(specs=[("a", "cast:int")], choice="make_cols")
        with pytest.raises(ValueError, match="cast:<type>"):
            frame('{"a": 1}').resolveChoice(specs=[("a", "melt")])


@pytest.mark.parametrize("name", TRANSFORMS)
def test_transforms_that_are_not_implemented_are_named(name: str) -> None:
    with pytest.raises(NotImplementedError, match=name):
        getattr(transforms, name).apply(frame=None)


def test_transforms_are_lazy(frame: Any, spark: Any) -> None:
    data = frame(PERSON, PERSON)
    tracker = spark.sparkContext.statusTracker()
    spark.sparkContext.setJobGroup("lazy", "nothing may run")
    chain = data.apply_mapping([("id", "key"), ("age", "age", "int")]).filter(lambda r: r["key"] == 1)
    chain = chain.rename_field("key", "k").drop_fields(["age"]).select_fields(["k"])
    assert list(tracker.getJobIdsForGroup("lazy")) == []
    assert chain.count() == 2
    assert list(tracker.getJobIdsForGroup("lazy")) != []
