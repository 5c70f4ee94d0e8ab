"""Transforms that change the schema, following the examples of AWS's pages."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import functions as F

from awsglue.bookmarks import Bookmarks, MemoryStorage
from awsglue.dataframe_transforms import ApplyMapping
from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.functions import explodeWithIndex, namedStruct, replaceArrayElement
from awsglue.gluetypes import Field, LongType, StringType, StructType
from awsglue.transforms import (
    FlatMap,
    MapToCollection,
    Relationalize,
    SelectFields,
    Spigot,
    SplitFields,
    SplitRows,
    Unbox,
    UnnestFrame,
)

LEGISLATORS = (
    '{"name": "A", "contact_details": [{"type": "fax", "value": "1"}, {"type": "phone", "value": "2"}], "links": []}',
    '{"name": "B", "home": {"city": "Gent"}, "links": ["x", "y"]}',
)
FRIENDS = (
    '{"name": "Sally", "age": 23, "location": {"state": "WY", "county": "Fremont"}, "friends": []}',
    '{"name": "Varun", "age": 34, "location": {"state": "NE", "county": "Douglas"}, "friends": [{"name": "Arjun", "age": 3}]}',
    '{"name": "George", "age": 52, "location": {"state": "NY"}, "friends": [{"name": "Fred"}, {"name": "Amy", "age": 15}]}',
)


class TestRelationalize:
    """DynamicFrame page, relationalize: keys, id, index and <array>.val.<field>."""

    @pytest.mark.parametrize("staged", [True, False])
    def test_arrays_become_tables_joined_by_keys(self, frame: Any, rows: Any, tmp_path: Path, staged: bool) -> None:
        made = frame(*LEGISLATORS).relationalize("l_root", str(tmp_path / "t") if staged else None)
        assert set(made.keys()) == {"l_root", "l_root_contact_details", "l_root_links"}
        root = {row["name"]: row for row in rows(made.select("l_root"))}
        assert root["B"]["home.city"] == "Gent"
        details = rows(made.select("l_root_contact_details"))
        key = root["A"]["contact_details"]
        assert key >= 1
        assert details == [
            {"id": key, "index": 0, "contact_details.val.type": "fax", "contact_details.val.value": "1"},
            {"id": key, "index": 1, "contact_details.val.type": "phone", "contact_details.val.value": "2"},
        ]
        assert root["B"]["contact_details"] is None
        assert [(row["id"], row["links.val"]) for row in rows(made.select("l_root_links"))] == [
            (root["B"]["links"], "x"),
            (root["B"]["links"], "y"),
        ]
        assert made["l_root_links"].schema().getField("id").dataType.typeName() == "long"
        assert made["l_root_links"].schema().getField("index").dataType.typeName() == "int"

    def test_arrays_in_arrays(self, frame: Any, rows: Any, tmp_path: Path) -> None:
        made = frame('{"a": [{"b": [1, 2]}, {"b": [3]}]}').relationalize("root", str(tmp_path))
        assert list(made.keys()) == ["root", "root_a", "root_a.val.b"]
        keys = [row["a.val.b"] for row in rows(made["root_a"])]
        assert [(row["id"], row["a.val.b.val"]) for row in rows(made["root_a.val.b"])] == [
            (keys[0], 1),
            (keys[0], 2),
            (keys[1], 3),
        ]

    def test_keys_continue_after_the_last_committed_run(
        self, frame: Any, rows: Any, tmp_path: Path, glue_context: Any
    ) -> None:
        """Job bookmarks page: Relationalize keeps its keys unique over the runs of a job."""
        kept, keys = MemoryStorage(), []
        for committed in (True, False, True):
            glue_context.bookmarks = Bookmarks("job", kept)
            source = frame('{"a": [{"b": [1]}, {"b": [2]}]}', '{"a": [{"b": [3]}]}')
            made = source.relationalize("root", str(tmp_path), transformation_ctx="flat")
            inner = [row["a.val.b"] for row in rows(made["root_a"])]
            assert sorted(row["id"] for row in rows(made["root_a.val.b"])) == sorted(inner)
            keys.append({*(row["a"] for row in rows(made["root"])), *inner})
            if committed:
                glue_context.bookmarks.commit()
        assert keys[1] == keys[2], "an uncommitted run uses no keys"
        assert min(keys[0]) == 1
        assert max(keys[0]) < min(keys[1])

    def test_the_class_needs_a_staging_path(self, frame: Any, monkeypatch: Any, tmp_path: Path) -> None:
        monkeypatch.setattr("sys.argv", ["script"])
        with pytest.raises(RuntimeError, match="TempDir"):
            Relationalize.apply(frame=frame(*LEGISLATORS))
        monkeypatch.setattr("sys.argv", ["script", "--TempDir", str(tmp_path)])
        assert "roottable" in Relationalize.apply(frame=frame(*LEGISLATORS)).keys()  # noqa: SIM118 - a collection


def test_unnest_flattens_structs_and_keeps_arrays(frame: Any) -> None:
    address = '{"Provider Id": "1", "Address": {"Zip.Code": "9", "City": "G", "Array": ["a"]}}'
    flat = UnnestFrame.apply(frame(address)).toDF()
    assert flat.columns == ["Address.Array", "Address.City", "Address.Zip.Code", "Provider Id"]
    assert flat.schema["Address.Array"].dataType.simpleString() == "array<string>"


def test_unbox_makes_a_struct_of_json(frame: Any, rows: Any) -> None:
    text = json.dumps({"Street": "1108 ROSS", "Zip.Code": "36301", "Array": ["1108 ROSS"], "n": 1})
    boxed = frame(json.dumps({"id": 1, "AddressString": text}), json.dumps({"id": 2, "AddressString": "{bad"}))
    made = Unbox.apply(boxed, "AddressString", "json")
    assert rows(made)[0]["AddressString"] == {
        "Street": "1108 ROSS",
        "Zip.Code": "36301",
        "Array": ["1108 ROSS"],
        "n": 1,
    }
    assert (made.count(), made.errorsCount()) == (1, 1)


def test_unbox_with_a_schema_starts_no_job(frame: Any, rows: Any) -> None:
    schema = json.dumps(StructType([Field("a", LongType())]).jsonValue())
    made = frame('{"s": "{\\"a\\": 1}"}').unbox("s", "json", withSchema=schema)
    assert rows(made) == [{"s": {"a": 1}}]


def test_unbox_of_csv_and_unsupported_formats(frame: Any, rows: Any) -> None:
    made = frame('{"s": "1;\'a;b\'"}').unbox("s", "csv", separator=";")
    assert list(rows(made)[0]["s"])[:2] == ["col0", "col1"]
    headed = frame(json.dumps({"s": "x,y\n1,2"})).unbox("s", "csv", withHeader=True)
    assert rows(headed) == [{"s": {"x": "1", "y": "2"}}]
    with pytest.raises(NotImplementedError, match="avro"):
        frame('{"s": "x"}').unbox("s", "avro")


def test_simplify_ddb_json_as_on_its_page(frame: Any, capsys: Any) -> None:
    item = {
        "parentMap": {"M": {"childMap": {"M": {"appName": {"S": "a"}, "updatedAt": {"N": "1"}}}}},
        "strings": {"SS": ["s"]},
        "isDDBJson": {"BOOL": True},
        "nullValue": {"NULL": True},
        "list": {"L": [{"S": "x"}]},
        "maps": {"L": [{"M": {"a": {"S": "x"}}}]},
    }
    made = frame(json.dumps({"Item": item})).simplify_ddb_json()
    kinds = {one.name: one.dataType for one in made.schema()}
    assert [one.name for one in kinds["parentMap"].getField("childMap").dataType] == ["appName", "updatedAt"]
    row = made.toDF().first().asDict(recursive=True)
    assert (row["strings"], row["isDDBJson"], row["nullValue"], row["list"]) == (["s"], True, None, ["x"])
    assert kinds["nullValue"].typeName() == "null"
    assert row["maps"] == [{"M": {"a": {"S": "x"}}}]


def test_unnest_ddb_json_as_on_its_page(frame: Any, rows: Any) -> None:
    item = {"ColA": {"S": "a"}, "ColC": {"N": "1"}, "ColD": {"L": [{"S": "x"}]}, "ColE": {"M": {"k": {"S": "v"}}}}
    made = frame(json.dumps({"Item": item})).unnest_ddb_json()
    assert rows(made) == [{"ColA": "a", "ColC": "1", "ColD": [{"S": "x"}], "ColE.k": "v"}]


def test_split_rows_and_merge_as_on_their_pages(frame: Any, rows: Any) -> None:
    lines = [json.dumps({"id": n, "x": "a"}) for n in (1, 10, 11, 20)] + ['{"x": "no id"}']
    split = SplitRows.apply(frame(*lines), {"id": {">": 10}}, "high", "low")
    assert list(split.keys()) == ["high", "low"]
    assert [row["id"] for row in rows(split["high"])] == [11, 20]
    assert split["low"].count() == 3
    merged = split["high"].mergeDynamicFrame(stage_dynamic_frame=split["low"], primary_keys=["id"])
    assert merged.count() == 5
    staged = frame('{"id": 1, "x": "new"}')
    assert rows(frame(lines[0], lines[0], lines[1]).mergeDynamicFrame(staged, ["id"])) == [
        {"id": 1, "x": "new"},
        {"id": 10, "x": "a"},
    ]
    with pytest.raises(ValueError, match="split_rows: invalid operator"):
        frame('{"id": 1}').split_rows({"id": {"~": 1}}, "a", "b")


def test_split_fields_takes_nested_ones_too(frame: Any) -> None:
    split = SplitFields.apply(frame(*FRIENDS, name="f"), ["age", "location.state"])
    assert list(split.keys()) == ["f1", "f2"]
    assert split["f1"].toDF().schema.simpleString() == "struct<age:bigint,location:struct<state:string>>"
    assert split["f2"].toDF().columns == ["friends", "location", "name"]


def test_spigot_writes_a_sample_and_returns_the_frame(frame: Any, tmp_path: Path) -> None:
    data = frame(*FRIENDS)
    assert Spigot.apply(data, str(tmp_path / "s"), {"topk": 2}).count() == 3
    lines = [line for path in (tmp_path / "s").glob("part-*") for line in path.read_text().splitlines()]
    assert len(lines) == 2


def test_union_of_different_types_is_a_choice(frame: Any, rows: Any) -> None:
    both = frame('{"a": 1, "s": {"x": 1}}').union(frame('{"a": "y", "s": {"z": true}}'))
    assert both.schema().getField("a").dataType.typeName() == "choice"
    assert rows(both.resolveChoice(choice="cast:string")) == [
        {"a": "1", "s": {"x": 1, "z": None}},
        {"a": "y", "s": {"x": None, "z": True}},
    ]


def test_collections_are_mapped(frame: Any, glue_context: Any) -> None:
    frames = {"one": frame('{"a": 1, "b": 2}'), "two": frame('{"a": 3}')}
    collection = DynamicFrameCollection(frames, glue_context)
    mapped = MapToCollection.apply(collection, lambda one, ctx: one.select_fields(["a"]))
    assert [one.toDF().columns for one in mapped.values()] == [["a"], ["a"]]
    flat = FlatMap.apply(collection, SelectFields, "frame", paths=["b"])
    assert [one.toDF().columns for one in flat.values()] == [["b"], []]
    split = collection.flatmap(lambda one, ctx: one.split_fields(["a"], ctx + "l", ctx + "r"))
    assert len(split) == 4
    assert collection.select("three").count() == 0
    with pytest.raises(TypeError, match="must return a DynamicFrame"):
        collection.map(lambda one, ctx: 1)


def test_a_field_is_renamed_from_path_to_path(frame: Any, rows: Any) -> None:
    data = frame('{"a": {"b": 1, "c": 2}, "d.e": 3}')
    assert rows(data.rename_field("a.b", "a.x")) == [{"a": {"x": 1, "c": 2}, "d.e": 3}]
    assert rows(data.rename_field("a.b", "n.m")) == [{"a": {"c": 2}, "d.e": 3, "n": {"m": 1}}]
    assert rows(data.rename_field("`d.e`", "d")) == [{"a": {"b": 1, "c": 2}, "d": 3}]


def test_python_functions_see_the_value_of_a_choice(glue_context: Any, rows: Any, frame: Any) -> None:
    mixed = frame('{"a": 1}').union(frame('{"a": "x"}'))
    assert mixed.filter(lambda record: record["a"] == "x").count() == 1
    again = mixed.map(lambda record: {"b": record["a"]})
    assert again.schema().getField("b").dataType.typeName() == "choice"
    assert rows(again.resolveChoice(choice="cast:string")) == [{"b": "1"}, {"b": "x"}]


def test_with_frame_schema_converts_the_records(frame: Any, rows: Any) -> None:
    schema = StructType([Field("a", StringType()), Field("z", StringType())])
    assert rows(frame('{"a": 1, "b": 2}').with_frame_schema(schema)) == [{"a": "1", "z": None}]


def test_functions_of_columns(spark: Any) -> None:
    data = spark.createDataFrame([([1, 2], "x")], ["l", "s"])
    assert data.select(replaceArrayElement("l", F.lit(9), 1)).first()[0] == [1, 9]
    assert data.select(namedStruct("a", "s").alias("n")).first()["n"].asDict() == {"a": "x"}
    assert [tuple(row) for row in data.select(explodeWithIndex("l")).collect()] == [(0, 1), (1, 2)]


def test_apply_mapping_of_data_frames(spark: Any) -> None:
    data = spark.createDataFrame([(1,)], ["a"])
    assert ApplyMapping.apply(data, [("a", "long", "b", "string")]).first().asDict() == {"b": "1"}


def test_from_df_and_to_df_round_trip(frame: Any, glue_context: Any) -> None:
    data = frame(*FRIENDS).toDF()
    assert DynamicFrame.fromDF(data, glue_context).toDF().schema == data.schema
