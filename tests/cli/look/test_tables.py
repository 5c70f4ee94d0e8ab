import bz2
import gzip
import io
import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest

from glue_local.client.clients import local

COLUMNS = [{"Name": "road", "Type": "string"}, {"Name": "speed", "Type": "int"}]
ROWS = [{"road": "E17", "speed": 90}, {"road": "E40", "speed": None}]
Make = Callable[..., str]

_SERDES = {
    "json": ("org.openx.data.jsonserde.JsonSerDe", {}),
    "csv": ("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", {"field.delim": ","}),
    "quoted": ("org.apache.hadoop.hive.serde2.OpenCSVSerde", {}),
    "parquet": ("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", {}),
    "orc": ("org.apache.hadoop.hive.ql.io.orc.OrcSerde", {}),
    "avro": ("org.apache.hadoop.hive.serde2.avro.AvroSerDe", {}),
}


@pytest.fixture(scope="module", autouse=True)
def _database(endpoint: Any) -> None:
    local("glue", endpoint_url=endpoint.endpoint).create_database(DatabaseInput={"Name": "traffic"})
    local("s3", endpoint_url=endpoint.endpoint).create_bucket(Bucket="data")


@pytest.fixture
def make(aws: Any) -> Make:
    """Create a table with one file of a format, and return its name."""

    def create(name: str, kind: str, body: bytes, suffix: str = "", **more: Any) -> str:
        library, parameters = _SERDES.get(kind, (kind, {}))
        storage = {"Columns": COLUMNS, "Location": f"s3://data/{name}/", "SerdeInfo": {"SerializationLibrary": library, "Parameters": parameters}}  # fmt: skip
        aws("s3").put_object(Bucket="data", Key=f"{name}/part-0{suffix}", Body=body)
        aws("glue").create_table(
            DatabaseName="traffic",
            TableInput={"Name": name, "StorageDescriptor": storage, "TableType": "EXTERNAL_TABLE", **more},
        )
        return f"traffic.{name}"

    return create


def _number(value: int) -> bytes:
    value, found = value << 1, b""
    while value > 0x7F:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def _text(value: bytes) -> bytes:
    return _number(len(value)) + value


def avro(codec: str = "deflate") -> bytes:
    """Return ROWS as a file of Avro, by its specification, with a few more members of other types."""
    day = {"type": "int", "logicalType": "date"}
    tags = {"type": "map", "values": {"type": "array", "items": "double"}}
    fields = [{"name": "Road", "type": "string"}, {"name": "speed", "type": ["null", "long"]}, {"name": "day", "type": day}, {"name": "tags", "type": tags}]  # fmt: skip
    schema = json.dumps({"type": "record", "name": "r", "fields": fields}).encode()
    more = _number(1) + _number(1) + _text(b"a") + _number(1) + struct.pack("<d", 0.5) + _number(0) + _number(0)
    block = b"".join(_text(row["road"].encode()) + (_number(1) + _number(row["speed"]) if row["speed"] else _number(0)) + more for row in ROWS)  # type: ignore[attr-defined]  # fmt: skip
    if codec == "deflate":
        block = zlib.compress(block)[2:-4]
    header = b"Obj\x01" + _number(2) + _text(b"avro.schema") + _text(schema) + _text(b"avro.codec") + _text(codec.encode()) + _number(0)  # fmt: skip
    return header + b"s" * 16 + _number(len(ROWS)) + _text(block) + b"s" * 16


def _written(write: Callable[..., Any]) -> bytes:
    file = io.BytesIO()
    write(pa.Table.from_pylist(ROWS), file)
    return file.getvalue()


def _json_lines() -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        ("lines", "json", _json_lines()),
        ("zipped", "json", gzip.compress(_json_lines())),
        ("bzipped", "json", bz2.compress(_json_lines())),
        ("parquet", "parquet", _written(pa.parquet.write_table)),
        ("orc", "orc", _written(pa.orc.write_table)),
        ("avro", "avro", avro()),
        ("plain_avro", "avro", avro("null")),
    ],
)
def test_head_reads_each_format(cli: Any, make: Make, name: str, kind: str, body: bytes) -> None:
    table = make(name, kind, body)
    done = cli("head", table, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == ROWS
    assert json.loads(cli("head", table, "--json", "-n", 1).output) == ROWS[:1]
    assert cli("head", table).output.splitlines()[1].split() == ["E17", "90"]


@pytest.mark.parametrize(("name", "kind", "road"), [("lazy", "csv", '"E17'), ("quoted", "quoted", "E17, north")])
def test_head_reads_csv_as_its_serde_does(cli: Any, make: Make, name: str, kind: str, road: str) -> None:
    table = make(name, kind, b'road,speed\n"E17, north",90\n', Parameters={"skip.header.line.count": "1"})
    [row] = json.loads(cli("head", table, "--json").output)
    assert row["road"] == road
    assert list(row) == ["road", "speed"]


def test_partitions_have_their_keys_as_columns(cli: Any, make: Make, aws: Any) -> None:
    table = make("by_day", "json", b"not in a partition", PartitionKeys=[{"Name": "day", "Type": "string"}])
    aws("s3").put_object(Bucket="data", Key="elsewhere/d1/a", Body=_json_lines())
    aws("s3").put_object(Bucket="data", Key="elsewhere/d1/_SUCCESS", Body=b"hidden")
    aws("s3").put_object(Bucket="data", Key="elsewhere/d10/a", Body=b"a neighbour")
    part = {"Values": ["d1"], "StorageDescriptor": {"Location": "s3://data/elsewhere/d1"}}
    aws("glue").create_partition(DatabaseName="traffic", TableName="by_day", PartitionInput=part)
    assert json.loads(cli("head", table, "--json").output) == [{**row, "day": "d1"} for row in ROWS]


def test_wide_rows_are_shown_as_blocks(cli: Any, make: Make) -> None:
    table = make("wide", "json", json.dumps({"road": "E" * 200, "speed": 1}).encode())
    assert cli("head", table).output.splitlines() == ["row 1", f"  road   {'E' * 200}", "  speed  1"]


def test_tables_are_listed(cli: Any, make: Make) -> None:
    make("listed", "json", b"", Parameters={"classification": "json"})
    found = {each["Name"]: each for each in json.loads(cli("tables", "traffic", "--json").output)}
    assert found["traffic.listed"] == {
        "Name": "traffic.listed",
        "Classification": "json",
        "Columns": COLUMNS,
        "Keys": "",
        "Location": "s3://data/listed/",
    }
    [line] = [line for line in cli("tables").output.splitlines() if "traffic.listed" in line]
    assert line.split() == ["traffic.listed", "json", "2", "s3://data/listed/"]


def test_wrong_uses_are_reported_with_the_fix(cli: Any, make: Make) -> None:
    make("roads", "json", b"")
    for command, message in {
        ("tables", "trafic"): "database trafic does not exist: did you mean traffic?",
        ("head", "roads"): "roads is not DATABASE.TABLE: `glue-local tables` lists the tables",
        ("head", "trafic.roads"): "database trafic does not exist: did you mean traffic?",
        ("head", "traffic.road"): "table traffic.road does not exist: did you mean traffic.roads?",
    }.items():
        done = cli(*command)
        assert (done.exit_code, done.stderr) == (1, f"glue-local: {message}\n")
    assert "traffic.roads has no rows: `glue-local ls s3://data/roads/` shows its files" in cli("head", "traffic.roads").stderr  # fmt: skip


def test_unreadable_tables_are_reported_with_the_reason(cli: Any, make: Make) -> None:
    regex = make("regex", "org.apache.hadoop.hive.serde2.RegexSerDe", b"x")
    assert "and head reads json, csv, parquet, orc, avro: query it with `glue-local sql" in cli("head", regex).stderr
    damaged = make("damaged", "json", b"{")
    assert "cannot read s3://data/damaged/part-0 as json, the format of traffic.damaged" in cli("head", damaged).stderr
    not_parquet = make("not_parquet", "parquet", b"PAR1 no")
    assert "cannot read s3://data/not_parquet/part-0 as parquet" in cli("head", not_parquet).stderr
    not_avro = make("not_avro", "avro", avro()[:-30])
    assert "cannot read s3://data/not_avro/part-0 as avro" in cli("head", not_avro).stderr
    iceberg = make("iceberg", "json", b"x", Parameters={"table_type": "ICEBERG"})
    assert "traffic.iceberg is not a table of plain files: query it with" in cli("head", iceberg).stderr
    lz4 = make("lz4", "json", b"x", ".lz4")
    assert "head reads gzip and bzip2 only" in cli("head", lz4).stderr
