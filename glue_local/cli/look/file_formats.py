"""Read the rows of one file: JSON, CSV, Parquet, ORC or Avro."""

import bz2
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import IO, Any

from glue_local.cli.look import avro_file
from glue_local.crawl.objects import Reader, S3Object
from glue_local.prerequisites import extras

Row = dict[str, Any]
File = tuple[str, S3Object]
Table = Mapping[str, Any]

_MAGIC: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
}
_COMPRESSED = (".snappy", ".zst", ".lz4", ".lzo", ".deflate")


def _open(s3: Any, file: File) -> IO[bytes]:
    return io.BufferedReader(Reader(s3, *file), buffer_size=1 << 16)


def _lines(s3: Any, file: File) -> Iterator[str]:
    if file[1].key.endswith(_COMPRESSED):
        raise ValueError("of the compressed text files, head reads gzip and bzip2 only")
    opened = _open(s3, file)
    begins = opened.peek(4)  # type: ignore[attr-defined]
    decompress = next((each for magic, each in _MAGIC.items() if begins.startswith(magic)), None)
    text = io.TextIOWrapper(decompress(opened) if decompress else opened, encoding="utf-8-sig", newline="")
    return iter(text)


def _json(s3: Any, file: File, table: Table) -> Iterator[Row]:
    names = _columns(table)
    for line in _lines(s3, file):
        if line.strip():
            document = json.loads(line)
            if not isinstance(document, dict):
                raise ValueError("a line is not a JSON object")
            yield _by_name(document, names)


def _csv(s3: Any, file: File, table: Table) -> Iterator[Row]:
    names = _columns(table)
    serde = table["StorageDescriptor"].get("SerdeInfo", {})
    parameters = {**table.get("Parameters", {}), **serde.get("Parameters", {})}
    is_open_csv = "OpenCSV" in serde.get("SerializationLibrary", "")
    # LazySimpleSerDe's default is ^A, and it knows no quotes.
    delimiter = parameters.get("separatorChar" if is_open_csv else "field.delim") or ("," if is_open_csv else "\x01")
    quote = parameters.get("quoteChar", '"') if is_open_csv else None
    lines = _lines(s3, file)
    for _ in range(int(parameters.get("skip.header.line.count") or 0)):
        next(lines, None)
    options: dict[str, Any] = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    for values in csv.reader(lines, delimiter=delimiter.encode().decode("unicode_escape"), **options):
        if values:
            padded = [*values[: len(names)], *[None] * (len(names) - len(values))]
            yield dict(zip(names, padded, strict=True))


def _parquet(s3: Any, file: File, table: Table) -> Iterator[Row]:
    opened = _arrow("pyarrow.parquet").ParquetFile(_open(s3, file))
    for batch in opened.iter_batches(batch_size=100):
        for row in batch.to_pylist():
            yield _by_name(row, _columns(table))


def _orc(s3: Any, file: File, table: Table) -> Iterator[Row]:
    opened = _arrow("pyarrow.orc").ORCFile(_open(s3, file))
    for stripe in range(opened.nstripes):
        for row in opened.read_stripe(stripe).to_pylist():
            yield _by_name(row, _columns(table))


def _avro(s3: Any, file: File, table: Table) -> Iterator[Row]:
    with _open(s3, file) as opened:
        for row in avro_file.rows(opened):
            yield _by_name(row, _columns(table))


def _arrow(name: str) -> Any:
    extras.check("parquet", "reading Parquet and ORC")
    return import_module(name)


def _columns(table: Table) -> list[str]:
    return [column["Name"] for column in table["StorageDescriptor"].get("Columns", [])]


def _by_name(values: Mapping[str, Any], columns: list[str]) -> Row:
    """Return the table's columns of a record; names are compared without case, as Hive does."""
    lower = {name.lower(): value for name, value in values.items()}
    return {name: lower.get(name.lower()) for name in columns} if columns else dict(values)


READERS: Mapping[str, Callable[[Any, File, Table], Iterator[Row]]] = {
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
    "orc": _orc,
    "avro": _avro,
}
"""What reads a file of each format; they raise ValueError, OSError or EOFError for a damaged file."""
