"""Files of every format, compressed and not, as tables with AWS's formats, SerDes and parameters."""

import bz2
import gzip
import io
import json
import struct
import zipfile
from typing import Any

import cramjam
import pyarrow as pa
import pytest
from pyarrow import orc, parquet

from tests.crawl.conftest import Lake, columns, keys

LINES = "".join(json.dumps({"Id": at, "name": f"n{at}"}) + "\n" for at in range(10))


def test_lines_of_json_have_awss_parameters(lake: Lake) -> None:
    lake.put({"data/a.json": LINES})
    crawler = lake.crawl()
    table = lake.table()
    assert table["Parameters"] == {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": crawler,
        "averageRecordSize": str(len(LINES) // 10),
        "classification": "json",
        "compressionType": "none",
        "objectCount": "1",
        "recordCount": "10",
        "sizeKey": str(len(LINES)),
        "typeOfData": "file",
    }
    descriptor = table["StorageDescriptor"]
    assert descriptor["SerdeInfo"] == {
        "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
        "Parameters": {"paths": "Id,name"},
    }
    assert descriptor["InputFormat"] == "org.apache.hadoop.mapred.TextInputFormat"
    assert descriptor["OutputFormat"] == "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    assert (descriptor["NumberOfBuckets"], descriptor["Compressed"]) == (-1, False)
    assert (table["TableType"], table["Owner"], keys(table)) == ("EXTERNAL_TABLE", "owner", [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}{"a": 3000000000}', {"a": "bigint"}),
        ('{"a": 1}\n{"a": 1.5}', {"a": "double"}),
        ('{"a": 1}\n{"a": "x"}', {"a": "string"}),
        ('{"a": null, "b": true}', {"a": "string", "b": "boolean"}),
        ('{\n "s": {"x": 1, "y": [1, 2]},\n "t": [{"z": 1}, {"w": "a"}]\n}', None),
        ('[{"a": 1}, {"a": 2, "b": "x"}]', {"array": "array<struct<a:int,b:string>>"}),
        ('\ufeff{"a": "ü"}', {"a": "string"}),
        ('{"l": []}', {"l": "array<string>"}),
    ],
)
def test_types_of_json(lake: Lake, text: str, expected: Any) -> None:
    lake.put({"data/a.json": text})
    lake.crawl()
    nested = {"s": "struct<x:int,y:array<int>>", "t": "array<struct<z:int,w:string>>"}
    assert columns(lake.table()) == (expected or nested)


def test_the_first_megabyte_is_read_and_records_are_estimated(lake: Lake) -> None:
    """https://repost.aws/knowledge-center/glue-crawler-detect-schema"""
    line = json.dumps({"a": "x" * 200}) + "\n"
    count = 20_000
    lake.put({"data/a.json": line * count + '{"late": 1}\n'})
    lake.crawl()
    table = lake.table()
    assert columns(table) == {"a": "string"}
    assert int(table["Parameters"]["recordCount"]) == pytest.approx(count, rel=0.01)


def test_a_record_longer_than_a_megabyte_is_read(lake: Lake) -> None:
    """https://repost.aws/knowledge-center/glue-crawler-detect-schema (up to 10 MB)."""
    lake.put({"data/a.json": json.dumps({"a": "x" * 3_000_000}) + "\n" + '{"a": "y"}\n' * 2})
    lake.crawl()
    assert columns(lake.table()) == {"a": "string"}


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", data)
    return out.getvalue()


def hadoop_snappy(data: bytes) -> bytes:
    compressed = bytes(cramjam.snappy.compress_raw(data))
    return struct.pack(">II", len(data), len(compressed)) + compressed


@pytest.mark.parametrize(
    ("key", "compress", "name"),
    [
        ("a.json.gz", gzip.compress, "gzip"),
        ("a.json.bz2", bz2.compress, "bzip2"),
        ("a.zip", zipped, "zip"),
        ("a.json.snappy", hadoop_snappy, "snappy"),
        ("a.sz", lambda data: bytes(cramjam.snappy.compress(data)), "snappy"),
    ],
)
def test_compressed_files(lake: Lake, key: str, compress: Any, name: str) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-built-in (ZIP, BZIP, GZIP, Snappy)."""
    lake.put({f"data/{key}": compress(LINES.encode())})
    lake.crawl()
    table = lake.table()
    assert table["Parameters"]["compressionType"] == name
    assert (table["Parameters"]["recordCount"], columns(table)) == ("10", {"id": "int", "name": "string"})
    assert table["StorageDescriptor"]["Compressed"] is True


ARROW = pa.table(
    {
        "i": pa.array([1, 2], pa.int32()),
        "l": pa.array([1, 2], pa.int64()),
        "d": pa.array([1.5, None], pa.float64()),
        "s": pa.array(["a", "b"]),
        "at": pa.array([0, 1], pa.timestamp("ms")),
        "day": pa.array([0, 1], pa.date32()),
        "ok": pa.array([True, False]),
        "st": pa.array([{"x": 1}, {"x": 2}], pa.struct([("x", pa.int32())])),
        "li": pa.array([[1], [2]], pa.list_(pa.int64())),
        "m": pa.array([[(1, "a")], []], pa.map_(pa.int32(), pa.string())),
    }
)
HIVE = {
    "i": "int",
    "l": "bigint",
    "d": "double",
    "s": "string",
    "at": "timestamp",
    "day": "date",
    "ok": "boolean",
    "st": "struct<x:int>",
    "li": "array<bigint>",
    "m": "map<int,string>",
}


@pytest.mark.parametrize(
    ("write", "classification", "serde"),
    [
        (parquet.write_table, "parquet", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
        (orc.write_table, "orc", "org.apache.hadoop.hive.ql.io.orc.OrcSerde"),
    ],
)
def test_parquet_and_orc(lake: Lake, write: Any, classification: str, serde: str) -> None:
    file = io.BytesIO()
    write(ARROW, file)
    lake.put({"data/part-0": file.getvalue()})
    lake.crawl()
    table = lake.table()
    assert columns(table) == HIVE
    assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == serde
    parameters = table["Parameters"]
    assert (parameters["classification"], parameters["compressionType"], parameters["recordCount"]) == (
        classification,
        "none",
        "2",
    )


def number(value: int) -> bytes:
    """Return a number as Avro writes it."""
    value = (value << 1) ^ (value >> 63)
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def test_avro(lake: Lake) -> None:
    fields = [
        {"name": "id", "type": "long"},
        {"name": "name", "type": ["null", "string"]},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
        {"name": "tags", "type": {"type": "map", "values": "int"}},
        {"name": "colour", "type": {"type": "enum", "name": "c", "symbols": ["RED"]}},
        {"name": "inner", "type": {"type": "record", "name": "r", "fields": [{"name": "x", "type": "float"}]}},
    ]
    schema = json.dumps({"type": "record", "name": "top", "fields": fields})
    metadata = {"avro.schema": schema.encode(), "avro.codec": b"null"}
    head = number(len(metadata))
    for name, value in metadata.items():
        head += number(len(name)) + name.encode() + number(len(value)) + value
    lake.put(
        {"data/a.avro": b"Obj\x01" + head + number(0) + b"s" * 16 + number(3) + number(300) + b"x" * 300 + b"s" * 16}
    )
    lake.crawl()
    table = lake.table()
    assert columns(table) == {
        "id": "bigint",
        "name": "string",
        "day": "date",
        "price": "decimal(9,2)",
        "tags": "map<string,int>",
        "colour": "string",
        "inner": "struct<x:float>",
    }
    assert table["Parameters"]["avro.schema.literal"] == schema
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
        "Parameters": {"avro.schema.literal": schema, "serialization.format": "1"},
    }


@pytest.mark.parametrize(
    "body",
    [
        b"one line of prose\nanother one\n",
        b"\x00\xff\x01" * 50,
        b'{"a": 1} no json',
        b"a,b\n",
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
)
def test_what_nobody_recognises_is_unknown(lake: Lake, body: bytes) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html (the classification UNKNOWN)."""
    lake.put({"data/a": body})
    lake.crawl()
    table = lake.table()
    assert (table["Parameters"]["classification"], columns(table)) == ("UNKNOWN", {})


@pytest.mark.parametrize(
    ("name", "body", "what"),
    [
        ("a.bson", b"\x0e\x00\x00\x00\x10a\x00\x01\x00\x00\x00\x00\x00\x00"[:12] + b"\x00\x00", "BSON"),
        ("a.ion", b"\xe0\x01\x00\xea\x0f", "Amazon Ion"),
        ("b.ion", b"$ion_1_0 {a: 1}", "Amazon Ion"),
    ],
)
def test_formats_that_are_not_built_fail_the_crawl_by_name(lake: Lake, name: str, body: bytes, what: str) -> None:
    lake.put({f"data/{name}": body})
    last = lake.run(lake.create())["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert f"does not crawl {what} yet, and {name} is {what}" in last["ErrorMessage"]
