"""Reading JSON like Glue: types, choices at any depth, malformed lines as error records."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql.types import DoubleType as SparkDouble

from awsglue.dynamicframe import DynamicFrame, ResolveOption
from awsglue.gluetypes import DoubleType
from awsglue.json_types import inference, java_udf
from awsglue.json_types.inference import JsonFiles

# https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
ERROR_DATA = (
    '{"id": 1, "name": "george", "surname": "washington", "height": 178}',
    '{"id": 2, "name": "benjamin", "surname": "franklin",',
    '{"id": 3, "name": "alexander", "surname": "hamilton", "height": 171}',
    '{"id": 4, "name": "john", "surname": "jay", "height": 190}',
)


@pytest.fixture
def read(glue_context: Any, tmp_path: Path) -> Callable[..., DynamicFrame]:
    def read(*lines: str, **options: Any) -> DynamicFrame:
        (tmp_path / "a.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
        frame: DynamicFrame = glue_context.create_dynamic_frame.from_options(
            "s3", {"paths": [str(tmp_path)]}, "json", options
        )
        return frame

    return read


def types(frame: DynamicFrame) -> dict[str, str]:
    return {field.name: field.dataType.typeName() for field in frame.schema()}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("12", "7"), "int"),
        (("12", "3000000000"), "choice int long"),
        (("12", '"12"'), "choice int string"),
        (("12", "12.5"), "choice double int"),
        (("1.5", "1e3"), "double"),
        (("true", '"true"'), "choice boolean string"),
        (('"a"', '{"x": 1}', "[1]"), "choice array string struct"),
        (('"{"', '"[1]"', '"true"', '"12"', '"-1.5"'), "string"),
        (("null", "null"), "null"),
        (("[]", "null"), "array"),
        (("[1]", '["1"]'), "array"),
    ],
)
def test_types_of_values(read: Any, values: tuple[str, ...], kind: str) -> None:
    found = read(*(f'{{"k": 0, "v": {value}}}' for value in values)).schema().getField("v").dataType
    choices = [one.typeName() for one in getattr(found, "choices", [])]
    assert " ".join([found.typeName(), *choices]) == kind


def test_strings_stay_strings(read: Any) -> None:
    frame = read('{"a": "06:45", "b": "[1, 2]"}', '{"a": "", "c": "{\\u0022: 1}"}')
    assert types(frame) == {"a": "string", "b": "string", "c": "string"}
    assert frame.count() == 2


def test_the_data_is_scanned_once(read: Any, spark: Any) -> None:
    spark.sparkContext.setJobGroup("once", "once")
    read('{"a": 1}', '{"a": "x"}')
    spark.sparkContext.setJobGroup("", "")
    # One job finds the types in each record, one merges the few distinct results.
    assert len(spark.sparkContext.statusTracker().getJobIdsForGroup("once")) == 2


def test_numbers_beyond_64_bits(read: Any) -> None:
    frame = read(f'{{"a": {10**25}, "b": 1}}', f'{{"a": {10**26}, "b": {10**25}}}')
    assert types(frame) == {"a": "decimal", "b": "choice"}
    rows = [row.asDict(recursive=True) for row in frame.toDF().collect()]
    assert [(int(row["a"]), row["b"]) for row in rows] == [
        (10**25, {"decimal": None, "int": 1}),
        (10**26, {"decimal": 10**25, "int": None}),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "{'a': 1}",
        '{"a": 01}',
        '{"a": "\t"}',
        '{"a": "\\x"}',
        '{"a": [1 2]}',
        '{"a": nul}',
        '{"a" 1}',
        "12",
        '"x"',
        "[1]",
    ],
)
def test_a_value_that_is_not_an_object_is_an_error_record(read: Any, line: str) -> None:
    frame = read('{"a": 1}', line)
    assert (frame.count(), frame.errorsCount(), types(frame)) == (1, 1, {"a": "int"})


@pytest.mark.parametrize("line", ['{"a": NaN}', '{"a": -Infinity}', '{"a": 1E3}'])
def test_words_for_numbers(read: Any, line: str) -> None:
    frame = read(line)
    assert (frame.errorsCount(), types(frame)) == (0, {"a": "double"})


def test_names_that_look_like_kinds(read: Any, rows: Any) -> None:
    frame = read('{"o": {"a": [1]}, "s": {"i": "x"}, "n": [], "l": [{"d": 1}, {"d": 2}, {"b": "y"}]}')
    first = rows(frame)[0]
    assert first == {
        "o": {"a": [1]},
        "s": {"i": "x"},
        "n": [],
        "l": [{"b": b, "d": d} for b, d in ((None, 1), (None, 2), ("y", None))],
    }


@pytest.mark.parametrize("odd", ["12", "true", "null", '{"x": 1}', "[1]", "-1"])
def test_a_single_number_among_many_strings_makes_a_choice(read: Any, odd: str) -> None:
    frame = read('{"a": "x", "b": "y"}', f'{{"a": "x", "c" :  {odd}}}', f'{{"a": {odd}}}')
    assert types(frame)["a"] == ("string" if odd == "null" else "choice")
    assert (types(frame)["c"] == "null") is (odd == "null")


def test_each_value_of_a_choice_is_in_the_field_of_its_type(read: Any) -> None:
    lines = ('{"v": 12}', '{"v": "12"}', '{"v": {"x": "q\\"\\\\"}}', '{"v": [1, "2"]}', '{"v": true}', '{"v": 2.5}')
    rows = [row["v"].asDict(recursive=True) for row in read(*lines).toDF().collect()]
    given = [{name: value for name, value in row.items() if value is not None} for row in rows]
    assert given == [
        {"int": 12},
        {"string": "12"},
        {"struct": {"x": 'q"\\'}},
        {"array": [{"int": 1, "string": None}, {"int": None, "string": "2"}]},
        {"boolean": True},
        {"double": 2.5},
    ]


def test_data_without_choices_is_read_by_sparks_json_source(read: Any, rows: Any) -> None:
    frame = read('{"a": 1, "s": {"b": "é"}, "l": [1.5]}')
    assert rows(frame) == [{"a": 1, "l": [1.5], "s": {"b": "é"}}]
    assert types(frame) == {"a": "int", "l": "array", "s": "struct"}


def test_keys_and_words_of_every_kind(read: Any) -> None:
    # Quotes, backslashes, spaces and non-Latin scripts in names and values, next to a choice, which takes the slow path.
    frame = read(r'{"a b": " x", "c\"d": "\\", "日本": "\u00e9\ud83d\ude00", "v": 1}', '{"v": "1"}')
    row = frame.toDF().first().asDict()
    assert (row["a b"], row['c"d'], row["日本"]) == (" x", "\\", "é😀")


def test_choices_in_arrays_and_structs_are_resolved_by_their_paths(read: Any, rows: Any) -> None:
    # ResolveChoice's page: "myList": [{"price": 100.00}, {"price": "$100.00"}]
    frame = read('{"myList": [{"price": 100.00}, {"price": "$100.00"}], "s": {"c": 1}}', '{"s": {"c": "x"}}')
    cast = frame.resolveChoice(specs=[("myList[].price", "cast:double"), ("s.c", "make_cols")])
    first = cast.toDF().first().asDict(recursive=True)
    assert first == {"myList": [{"price": 100.0}, {"price": None}], "s": {"c_int": 1, "c_string": None}}
    text = frame.resolveChoice(choice="cast:string").toDF().first().asDict(recursive=True)
    assert text == {"myList": [{"price": "100.0"}, {"price": "$100.00"}], "s": {"c": "1"}}
    for action in ("make_cols", "make_struct", "project:string", "cast:int"):
        resolved = frame.resolveChoice(choice=action)
        assert "choice" not in str(resolved.schema().jsonValue())
        assert resolved.count() == 2


def test_print_schema_shows_a_choice(read: Any, capsys: Any) -> None:
    read('{"id": 1}', '{"id": "x"}').printSchema()
    assert capsys.readouterr().out == "root\n|-- id: choice\n|    |-- int\n|    |-- string\n"


def test_show_prints_the_value_of_a_choice(read: Any, capsys: Any) -> None:
    read('{"id": 1}', '{"id": "x"}').show()
    assert capsys.readouterr().out == '{"id": 1}\n{"id": "x"}\n'


def test_to_df_with_options(read: Any) -> None:
    frame = read('{"a": {"b": 1.5}}', '{"a": {"b": "x"}}')
    kept = frame.toDF([ResolveOption("a.b", "KeepAsStruct")])
    assert kept.schema["a"].dataType["b"].dataType.names == ["double", "string"]
    assert "glue.choice" not in kept.schema.json()
    for target in (DoubleType(), SparkDouble(), "double"):
        assert frame.toDF([ResolveOption("a.b", "Project", target)]).select("a.b").first()[0] == 1.5
    with pytest.raises(ValueError, match="must be one of KeepAsStruct and Project"):
        frame.toDF([ResolveOption("a.b", "Cast", DoubleType())])
    with pytest.raises(Exception, match="Missing target type"):
        frame.toDF([ResolveOption("a.b", "Project")])


def test_documents_over_several_lines(read: Any, rows: Any) -> None:
    frame = read('[{"id": 1,', '"x": "a"}, {"id": "z", "x": "b"}]', multiLine=True)
    assert rows(frame.resolveChoice(choice="cast:string")) == [{"id": "1", "x": "a"}, {"id": "z", "x": "b"}]


TWO = [{"id": 1, "x": 'a "b"'}, {"id": 2, "x": "é"}]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(TWO, indent=4),
        "\n".join(json.dumps(one, indent=2) for one in TWO),
        "".join(json.dumps(one) for one in TWO),
        json.dumps(TWO[:1]) + "\n" + json.dumps(TWO[1]),
    ],
    ids=["an array over lines", "objects over lines", "objects on one line", "an array on a line"],
)
@pytest.mark.parametrize("multi_line", [False, True])
def test_a_file_is_a_stream_of_documents(read: Any, rows: Any, text: str, multi_line: bool) -> None:
    frame = read(text, multiLine=multi_line)
    assert (rows(frame), frame.errorsCount()) == (TWO, 0)


def test_choices_in_a_stream_of_documents(read: Any, rows: Any) -> None:
    frame = read('[{"id": 1}, {"id": "z"}]', '{"id":', "2}")
    assert types(frame) == {"id": "choice"}
    assert rows(frame.resolveChoice(choice="cast:string")) == [{"id": "1"}, {"id": "2"}, {"id": "z"}]


def test_a_malformed_file_does_not_change_how_others_are_read(glue_context: Any, rows: Any, tmp_path: Path) -> None:
    (tmp_path / "a b%20.json").write_text(json.dumps(TWO, indent=1))
    (tmp_path / "b.json").write_text("\n".join(ERROR_DATA[:2]))
    (tmp_path / "c.json").write_text('{"id": 9}\n')
    frame = glue_context.create_dynamic_frame.from_options("s3", {"paths": [str(tmp_path)]}, "json")
    assert sorted(row["id"] for row in frame.toDF().collect()) == [1, 1, 2, 9]
    assert frame.errorsCount() == 1


def test_partition_keys_beside_a_stream_of_documents(glue_context: Any, tmp_path: Path) -> None:
    from pyspark.sql.types import StringType, StructField, StructType

    (tmp_path / "day=01").mkdir()
    path = tmp_path / "day=01" / "a.json"
    path.write_text(json.dumps(TWO, indent=1))
    keys = StructType([StructField("day", StringType())])
    frame = inference.read(glue_context.spark_session, JsonFiles([str(path)], keys, str(tmp_path)))
    assert sorted((row["id"], row["day"]) for row in frame.collect()) == [(1, "01"), (2, "01")]


def test_a_missing_compiler_is_named(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java_udf, "_COMPILER", "org.codehaus.janino.Absent")
    with pytest.raises(RuntimeError, match=r"org\.codehaus\.janino\.Absent is not on the driver's class path.*janino"):
        java_udf.register(spark, "AwsglueNowhere")


def test_a_malformed_line_is_an_error_record(read: Any) -> None:
    frame = read(*ERROR_DATA)
    assert types(frame) == {"height": "int", "id": "int", "name": "string", "surname": "string"}
    assert sorted(row["id"] for row in frame.toDF().collect()) == [1, 3, 4]
    assert (frame.errorsCount(), frame.stageErrorsCount()) == (1, 1)
    error = frame.errorsAsDynamicFrame().toDF().head()["error"]
    assert list(error.asDict()) == ["callsite", "msg", "stackTrace", "input", "bytesread", "source", "dynamicRecord"]
    assert error["msg"] == "error in jackson reader"
    assert error["input"] == ERROR_DATA[1]


def test_errors_survive_later_steps(read: Any) -> None:
    later = read(*ERROR_DATA).select_fields(["id"]).rename_field("id", "key")
    assert (later.count(), later.errorsCount(), later.stageErrorsCount()) == (3, 1, 0)


def test_partition_keys_beside_choices(glue_context: Any, tmp_path: Path) -> None:
    from pyspark.sql.types import StringType, StructField, StructType

    (tmp_path / "day=01").mkdir()
    path = tmp_path / "day=01" / "a.json"
    path.write_text('{"v": 1}\n{"v": "x"}\n')
    keys = StructType([StructField("day", StringType())])
    frame = inference.read(glue_context.spark_session, JsonFiles([str(path)], keys, str(tmp_path)))
    assert [(row["v"]["int"], row["v"]["string"], row["day"]) for row in frame.collect()] == [
        (1, None, "01"),
        (None, "x", "01"),
    ]


@pytest.mark.parametrize("format", ["parquet", "json"])
def test_a_field_that_is_always_null_can_be_written(read: Any, tmp_path: Path, format: str) -> None:
    frame = read('{"a": 1, "n": null, "e": [], "v": 1}', '{"v": "x"}')
    frame.write("s3", {"path": str(tmp_path / "out")}, format)
    written = frame.glue_ctx.spark_session.read.format(format).load(str(tmp_path / "out"))
    assert written.count() == 2
    assert "glue.choice" not in written.schema.json()


def test_names_that_differ_only_in_case_are_different_fields(read: Any) -> None:
    frame = read('{"id": 1, "Name": "a", "name": "b"}', '{"id": 2, "name": "c"}')
    assert frame.count() == 2
    assert types(frame) == {"Name": "string", "id": "int", "name": "string"}
    kept = frame.select_fields(["name"])
    assert sorted(row["name"] for row in kept.toDF().collect()) == ["b", "c"]
    renamed = frame.rename_field("Name", "first").toDF()
    assert sorted((row["id"], row["first"], row["name"]) for row in renamed.collect()) == [
        (1, "a", "b"),
        (2, None, "c"),
    ]


def test_the_last_of_several_values_with_one_name_counts(read: Any) -> None:
    frame = read('{"a": 1, "a": "x", "s": {"b": 1, "b": [2]}}', '{"a": "y"}')
    assert types(frame) == {"a": "string", "s": "struct"}
    rows = sorted((row["a"], row["s"] and row["s"]["b"]) for row in frame.toDF().collect())
    assert rows == [("x", [2]), ("y", None)]
