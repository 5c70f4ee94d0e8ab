"""Every format: written to S3 with boto3 and read by a script, and the other way round."""

import bz2
import gzip
import io
import json
from typing import Any

import pyarrow.orc as orc
import pyarrow.parquet as pq
import pytest

from awsglue.context import GlueContext
from awsglue.sources.grok import compiled

XML = """<roads><road id="R1"><km>1</km><name>Ring</name></road><road id="E40"><km>2</km><name/></road></roads>"""
LOG = '10.0.0.1 - - [02/Nov/2026:08:00:00 +0100] "GET /a HTTP/1.1" 200 12\nnot a log line\n'


@pytest.fixture
def read(glue_context: GlueContext, bucket: Any) -> Any:
    def read(format: str, format_options: Any = None, **options: Any) -> Any:
        return glue_context.create_dynamic_frame.from_options(
            connection_type="s3",
            connection_options={"paths": [bucket.path("in/")], "recurse": True, **options},
            format=format,
            format_options=format_options or {},
        )

    return read


@pytest.fixture
def write(glue_context: GlueContext, bucket: Any) -> Any:
    def write(frame: Any, format: str, format_options: Any = None, **options: Any) -> None:
        glue_context.write_dynamic_frame.from_options(
            frame=frame,
            connection_type="s3",
            connection_options={"path": bucket.path("out/"), **options},
            format=format,
            format_options=format_options or {},
        )

    return write


def test_json_lines_and_documents_that_span_lines(read: Any, rows: Any, bucket: Any) -> None:
    bucket.put("in/a.json", '{"a": 1}\n{"a": 2}\n')
    assert rows(read("json")) == [{"a": 1}, {"a": 2}]
    bucket.put("in/a.json", '[\n {"a": 3},\n {"a": 4}\n]')
    assert rows(read("json", {"multiLine": True})) == [{"a": 3}, {"a": 4}]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.data.rows[*]", [{"a": 1}, {"a": 2}]),
        ("$.data.rows", [{"a": 1}, {"a": 2}]),
        ("$.data.one", [{"b": "x"}]),
    ],
)
def test_json_path_selects_the_records(read: Any, rows: Any, bucket: Any, path: str, expected: Any) -> None:
    bucket.put("in/a.json", json.dumps({"data": {"rows": [{"a": 1}, {"a": 2}], "one": {"b": "x"}}}, indent=1))
    assert rows(read("json", {"jsonPath": path, "multiLine": "true"})) == expected


def test_choices_below_a_json_path(read: Any, rows: Any, bucket: Any) -> None:
    bucket.put("in/a.json", '{"d": [{"v": 1, "l": [{"p": 2}]}, {"v": "x"}, 7]}\n{"d": [{"l": [{"p": true}]}]}\n')
    frame = read("json", {"jsonPath": "$.d"})
    assert [one.typeName() for one in frame.schema().getField("v").dataType.choices] == ["int", "string"]
    assert rows(frame.resolveChoice(choice="cast:string")) == [
        {"l": None, "v": "x"},
        {"l": [{"p": "2"}], "v": "1"},
        {"l": [{"p": "true"}], "v": None},
    ]


def test_csv_options(read: Any, rows: Any, bucket: Any) -> None:
    bucket.put("in/a.csv", "k;v\n1;'a;b'\n2;'it\\'s'\n")
    options = {"separator": ";", "quoteChar": "'", "escaper": "\\", "withHeader": True}
    assert rows(read("csv", options)) == [{"k": "1", "v": "a;b"}, {"k": "2", "v": "it's"}]
    without_quotes = read("csv", {"separator": ";", "quoteChar": -1, "skipFirst": True})
    assert rows(without_quotes) == [{"col0": "2", "col1": "'it\\'s'"}]
    assert without_quotes.errorsCount() == 1  # 1;'a;b' has three values then
    bucket.put("in/a.csv", 'k,v\n1,"two\nlines"\n')
    assert rows(read("csv", {"withHeader": True, "multiLine": True})) == [{"k": "1", "v": "two\nlines"}]


def test_xml(read: Any, rows: Any, bucket: Any) -> None:
    bucket.put("in/a 1.xml", XML)
    options = {"rowTag": "road", "treatEmptyValuesAsNulls": True}
    assert rows(read("xml", options)) == [
        {"_id": "E40", "km": 2, "name": None},
        {"_id": "R1", "km": 1, "name": "Ring"},
    ]
    fields = [{"name": "km", "container": {"dataType": "string"}}]
    schema = json.dumps({"dataType": "struct", "fields": fields})
    options = {"rowTag": "road", "attributePrefix": "at_", "excludeAttribute": True, "withSchema": schema}
    assert rows(read("xml", options)) == [{"km": "1"}, {"km": "2"}]
    bucket.put("in/a,b.xml", XML)
    with pytest.raises(NotImplementedError, match="a,b.xml"):
        read("xml", {"rowTag": "road"})
    with pytest.raises(ValueError, match="rowTag"):
        read("xml").count()


def test_choices_in_xml(read: Any, rows: Any, bucket: Any) -> None:
    roads = (
        '<road id="1"><km>2</km><lane w="3.5">1</lane><lane w="wide">x:&quot;7&quot;,</lane><true>no</true></road>',
        '<road id="E40"><km>true</km><lane w="2">2</lane><lane w="1">3</lane></road>',
        '<road id="2"><km>007</km></road>',
    )
    bucket.put("in/a.xml", f"<roads>{''.join(roads)}</roads>")
    frame = read("xml", {"rowTag": "road"})
    kinds = {one.name: one.dataType for one in frame.schema()}
    assert [one.typeName() for one in kinds["_id"].choices] == ["int", "string"]
    assert [one.typeName() for one in kinds["km"].choices] == ["boolean", "int", "string"]
    lane = {one.name: [each.typeName() for each in one.dataType.choices] for one in kinds["lane"].elementType}
    assert lane == {"_VALUE": ["int", "string"], "_w": ["double", "int", "string"]}
    cast = rows(frame.resolveChoice(choice="cast:string"))
    assert [(one["_id"], one["km"], one["true"]) for one in cast] == [
        ("1", "2", "no"),
        ("2", "007", None),
        ("E40", "true", None),
    ]
    assert cast[0]["lane"] == [{"_VALUE": "1", "_w": "3.5"}, {"_VALUE": 'x:"7",', "_w": "wide"}]


def _avro_file(schema: Any, *records: bytes) -> bytes:
    """Return an Avro file with encoded records; a number below 64 is one byte with twice its value."""
    text, sync = json.dumps(schema).encode(), b"s" * 16

    def long(number: int) -> bytes:
        return bytes([number * 2]) if number < 64 else bytes([number * 2 & 0x7F | 0x80, number >> 6])

    head = b"Obj\x01\x02" + long(11) + b"avro.schema" + long(len(text)) + text + b"\x00" + sync
    body = b"".join(records)
    return head + long(len(records)) + long(len(body)) + body + sync


def test_a_union_in_avro_is_a_choice(read: Any, rows: Any, bucket: Any) -> None:
    fields = [
        {"name": "n", "type": ["null", "int", "string"]},
        {"name": "l", "type": {"type": "array", "items": ["string", "double"]}},
    ]
    schema = {"type": "record", "name": "r", "fields": fields}
    # The index in the union, then the value: 7 and ["x"]; "y" and [].
    bucket.put("in/a.avro", _avro_file(schema, b"\x02\x0e\x02\x00\x02x\x00", b"\x04\x02y\x00"))
    made = read("avro")
    types = {one.name: one.dataType for one in made.schema()}
    assert [one.typeName() for one in types["n"].choices] == ["int", "string"]
    assert types["l"].elementType.typeName() == "choice"
    assert rows(made.resolveChoice(specs=[("n", "cast:string"), ("l[]", "cast:string")])) == [
        {"n": "7", "l": ["x"]},
        {"n": "y", "l": []},
    ]


def test_avro_files_with_different_schemas_are_the_union_of_their_fields(
    read: Any, rows: Any, bucket: Any, glue_context: GlueContext
) -> None:
    spark = glue_context.spark_session
    spark.createDataFrame([(1, "x")], "a int, c string").write.format("avro").save(bucket.path("in/1/"))
    spark.createDataFrame([(2, 5)], "a int, b int").write.format("avro").save(bucket.path("in/2/"))
    assert rows(read("avro")) == [{"a": 1, "c": "x", "b": None}, {"a": 2, "c": None, "b": 5}]


def test_xml_that_cannot_be_parsed_is_an_error_record(read: Any, rows: Any, bucket: Any) -> None:
    """Entities of a DOCTYPE are not resolved, so elements that use them cannot be read."""
    text = '<!DOCTYPE roads [<!ENTITY km "1">]><roads><road><km>&km;</km></road><road><km>2</km></road></roads>'
    bucket.put("in/a.xml", text)
    frame = read("xml", {"rowTag": "road"})
    assert rows(frame) == [{"km": 2}]
    assert frame.errorsCount() == 1
    error = frame.errorsAsDynamicFrame().toDF().head()["error"]
    assert (error["msg"], error["input"]) == ("error in xml reader", "<road><km>&km;</km></road>")
    schema = json.dumps({"dataType": "struct", "fields": [{"name": "km", "container": {"dataType": "int"}}]})
    assert read("xml", {"rowTag": "road", "withSchema": schema}).errorsCount() == 1
    bucket.put("in/a.xml", text.replace("<road><km>2</km></road>", ""))
    nothing_else = read("xml", {"rowTag": "road"})
    assert (nothing_else.count(), nothing_else.errorsCount()) == (0, 1)


def test_a_bucket_without_a_path(read: Any, write: Any, rows: Any, frame: Any, bucket: Any) -> None:
    whole = bucket.path().rstrip("/")
    write(frame('{"n": 1}'), "json", path=whole)
    assert rows(read("json", paths=[whole])) == [{"n": 1}]
    write(frame('{"k": "a", "n": 1}'), "parquet", path=whole, partitionKeys=["k"])
    assert bucket.keys("k=a/")
    assert rows(read("parquet", paths=[whole], exclusions='["**.json"]')) == [{"n": 1, "k": "a"}]


def test_grok_log(read: Any, rows: Any, bucket: Any) -> None:
    bucket.put("in/a.log", LOG)
    (found,) = rows(read("grokLog", {"logFormat": "%{COMMONAPACHELOG}"}))
    assert (found["clientip"], found["verb"], found["request"], found["response"]) == ("10.0.0.1", "GET", "/a", "200")
    assert found["timestamp"] == "02/Nov/2026:08:00:00 +0100"
    assert (found["ident"], found["rawrequest"]) == (None, None)
    custom = {"logFormat": "%{HOST:h} %{REST:rest}", "customPatterns": "REST .*\nOTHER x"}
    assert rows(read("grokLog", custom))[0]["rest"].startswith("- - [02/Nov")


def test_an_undefined_grok_pattern_is_named() -> None:
    with pytest.raises(ValueError, match="NOPE"):
        compiled("%{NOPE:x}")
    assert compiled(r"[(]\(%{INT:n}\)(a|b)") == (r"^[(]\(([+-]?[0-9]+)\)(a|b)$", {1: "n"})


@pytest.mark.parametrize("format", ["json", "csv", "parquet", "glueparquet", "orc", "avro"])
def test_written_files_are_read_back(
    write: Any, read: Any, rows: Any, frame: Any, bucket: Any, format: str, glue_context: GlueContext
) -> None:
    write(frame('{"k": "a", "n": 1}', '{"k": "b", "n": 2}'), format)
    for key in bucket.keys("out/"):
        bucket.put(key.replace("out/", "in/"), bucket.get(key))
    back = rows(read(format.removeprefix("glue"), {"withHeader": True} if format == "csv" else None))
    assert [(row["k"], int(row["n"])) for row in back] == [("a", 1), ("b", 2)]


def test_other_tools_can_read_written_files(write: Any, frame: Any, bucket: Any) -> None:
    write(frame('{"n": 1}').coalesce(1), "parquet", compression="gzip")
    (key,) = bucket.keys("out/")
    assert pq.read_table(io.BytesIO(bucket.get(key))).to_pylist() == [{"n": 1}]
    write(frame('{"n": 2}').coalesce(1), "orc", path=bucket.path("orc"))
    (key,) = bucket.keys("orc/")
    assert orc.read_table(io.BytesIO(bucket.get(key))).to_pylist() == [{"n": 2}]
    write(frame('{"n": 3}').coalesce(1), "json", path=bucket.path("json"), compression="gzip")
    (key,) = bucket.keys("json/")
    assert key.endswith(".gz")
    assert json.loads(gzip.decompress(bucket.get(key))) == {"n": 3}
    options = {"separator": "|", "quoteChar": -1, "writeHeader": False}
    write(frame('{"a": "x,y", "b": "z"}'), "csv", options, path=bucket.path("csv"))
    assert bucket.text("csv/") == "x,y|z\n"


def test_compressed_files(read: Any, rows: Any, bucket: Any) -> None:
    bucket.put("in/a.json.gz", gzip.compress(b'{"n": 1}\n'))
    bucket.put("in/b.json.bz2", bz2.compress(b'{"n": 2}\n'))
    assert rows(read("json")) == [{"n": 1}, {"n": 2}]
    with pytest.raises(NotImplementedError, match=r"b\.json\.bz2 does not end in \.gz"):
        read("json", compressionType="gzip")
    with pytest.raises(NotImplementedError, match="lzo"):
        read("json", compressionType="lzo")


def test_excluded_and_hidden_files_are_not_read(read: Any, rows: Any, bucket: Any) -> None:
    bucket.put("in/a.json", '{"n": 1}')
    bucket.put("in/skip/b.json", '{"n": 2}')
    bucket.put("in/cold.json", '{"n": 3}', StorageClass="GLACIER")
    bucket.put("in/_hidden.json", '{"n": 4}')
    bucket.put("in/deep/c.json", '{"n": 5}')
    wanted = {"exclusions": json.dumps(["**/skip/**"]), "excludeStorageClasses": ["GLACIER", "DEEP_ARCHIVE"]}
    assert rows(read("json", **wanted, groupFiles="inPartition", groupSize="1048576")) == [{"n": 1}, {"n": 5}]
    assert rows(read("json", **wanted, recurse=False)) == [{"n": 1}]


@pytest.mark.parametrize("format", ["json", "csv", "parquet", "orc", "avro", "grokLog"])
def test_a_file_name_is_not_a_glob_pattern(
    read: Any, rows: Any, bucket: Any, frame: Any, write: Any, format: str, glue_context: GlueContext
) -> None:
    """A key with characters that Hadoop treats as a glob pattern is read literally."""
    texts = {"json": '{"n": "1"}\n', "csv": "n\n1\n", "grokLog": "1\n"}
    if format not in texts:
        write(frame('{"n": "1"}').coalesce(1), format)
        (key,) = bucket.keys("out/")
    body = texts[format] if format in texts else bucket.get(key)
    bucket.put("in/y[1] {a,b} *?.x", body)
    bucket.put("elsewhere/y1 a zz.x", body)
    options = {"csv": {"withHeader": True}, "grokLog": {"logFormat": "%{INT:n}"}}.get(format)
    assert rows(read(format, options, paths=[bucket.path("in/y[1] {a,b} *?.x")])) == [{"n": "1"}]
    assert rows(read(format, options)) == [{"n": "1"}]


def test_attach_filename(read: Any, rows: Any, bucket: Any) -> None:
    path = bucket.put("in/a.json", '{"n": 1}')
    assert rows(read("json", {"attachFilename": "source"})) == [{"n": 1, "source": path}]


def test_unsupported_formats_are_named(read: Any, write: Any, frame: Any, bucket: Any) -> None:
    with pytest.raises(NotImplementedError, match="ion"):
        read("ion")
    with pytest.raises(ValueError, match="xml"):
        write(frame('{"n": 1}'), "xml")
    with pytest.raises(NotImplementedError, match="lzo"):
        write(frame('{"n": 1}'), "json", compression="lzo")
