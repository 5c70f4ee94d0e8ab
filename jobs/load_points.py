"""Glue python shell job: load the configuration of the measuring points as a dated dimension.

Every configuration document is a complete list of the points as of its ``tijd_laatste_config_wijziging``. The table
has a row per point and document: ``valid_from`` is that time, ``valid_to`` the time of the next document, NULL for the
latest. Loading a document again changes nothing. The table is one Parquet object, replaced with one PUT.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from datetime import datetime, timezone
from itertools import zip_longest
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

TEXTS = ("beschrijvende_id", "volledige_naam", "Ident_8", "Rijstrook")
NUMBERS = (
    "Kmp_Rsys",
    "X_coord_EPSG_31370",
    "Y_coord_EPSG_31370",
    "lengtegraad_EPSG_4326",
    "breedtegraad_EPSG_4326",
)
_INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("unieke_id", pa.string()),
        ("valid_from", _INSTANT),
        ("valid_to", _INSTANT),
        ("beschrijvende_id", pa.string()),
        ("volledige_naam", pa.string()),
        ("ident_8", pa.string()),
        ("lve_nr", pa.int32()),
        ("kmp_rsys", pa.float64()),
        ("rijstrook", pa.string()),
        *((name.lower(), pa.float64()) for name in NUMBERS[1:]),
    ]
)
GLUE_TYPES = {pa.string(): "string", pa.int32(): "int", pa.float64(): "double", _INSTANT: "timestamp"}

# One point of one configuration, by the names of SCHEMA.
Row = dict[str, Any]


class BadConfiguration(Exception):
    """A configuration cannot be loaded; the message has the object and the reason."""


def parse(document: bytes, name: str) -> list[Row]:
    """Return the points of a configuration document (XML, gzipped or not); error messages call it ``name``.

    Decimal commas become numbers; missing and empty values and the word NULL become None. Raises BadConfiguration.
    """
    try:
        root = ElementTree.fromstring(gzip.decompress(document) if document[:2] == b"\x1f\x8b" else document)
    except (ElementTree.ParseError, OSError, EOFError) as error:
        raise BadConfiguration(f"{name} is not a well-formed configuration XML: {error}") from error
    if root.tag != "mivconfig":
        raise BadConfiguration(f"{name} is a <{root.tag}>, not a configuration document (<mivconfig>)")
    changed = _instant(root.findtext("tijd_laatste_config_wijziging"), name)
    rows = [_row(point, changed, name) for point in root.iter("meetpunt")]
    if not rows:
        raise BadConfiguration(f"{name} has no points (no <meetpunt> elements)")
    twice = len(rows) - len({row["unieke_id"] for row in rows})
    if twice:
        raise BadConfiguration(f"{name} has {twice} points whose unieke_id occurs more than once")
    return rows


def _row(point: ElementTree.Element, changed: datetime, name: str) -> Row:
    unieke_id = point.get("unieke_id")
    if not unieke_id:
        raise BadConfiguration(f"{name} has a <meetpunt> without unieke_id")
    where = f"{name}, meetpunt {unieke_id}"
    lve_nr = _number(point, "lve_nr", where)
    row: Row = {"unieke_id": unieke_id, "valid_from": changed, "valid_to": None}
    row["lve_nr"] = None if lve_nr is None else int(lve_nr)
    row.update({field.lower(): _text(point, field) for field in TEXTS})
    row.update({field.lower(): _number(point, field, where) for field in NUMBERS})
    return row


def _text(point: ElementTree.Element, field: str) -> str | None:
    text = " ".join((point.findtext(field) or "").split())
    return None if text in ("", "NULL") else text


def _number(point: ElementTree.Element, field: str, where: str) -> float | None:
    text = _text(point, field)
    try:
        return None if text is None else float(text.replace(",", "."))
    except ValueError as error:
        raise BadConfiguration(f"{where}: {field} is {text!r}, not a number with a decimal comma") from error


def _instant(text: str | None, name: str) -> datetime:
    # Python 3.9 parses only fractions of 3 or 6 digits, and no Z.
    plain = re.sub(r"\.\d+", "", (text or "").strip()).replace("Z", "+00:00")
    try:
        parsed = datetime.fromisoformat(plain)
    except ValueError as error:
        raise BadConfiguration(f"{name}: tijd_laatste_config_wijziging is {text!r}, not a date and time") from error
    if parsed.tzinfo is None:
        raise BadConfiguration(f"{name}: tijd_laatste_config_wijziging {text!r} has no offset from UTC")
    return parsed.astimezone(timezone.utc)


def dated(rows: Iterable[Row]) -> list[Row]:
    """Merge rows of several documents, one per (unieke_id, valid_from), with valid_to from the next document.

    If the next document no longer has a point, the point ends there. The later of two rows for a key wins.
    """
    latest = {(row["unieke_id"], row["valid_from"]): row for row in rows}
    starts = sorted({valid_from for _, valid_from in latest})
    following = dict(zip_longest(starts, starts[1:]))
    return [{**latest[key], "valid_to": following[key[1]]} for key in sorted(latest, key=lambda key: (key[1], key[0]))]


def read_documents(s3: Any, config_path: str) -> dict[str, bytes]:
    """Return the document at ``config_path``, or all documents under it if it ends with a slash, by path.

    Raises BadConfiguration if there is none.
    """
    bucket, key = split_path(config_path)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
    keys = [item["Key"] for page in pages for item in page.get("Contents", []) if item["Size"]]
    if not key.endswith("/"):
        keys = [key] if key in keys else []
    if not keys:
        raise BadConfiguration(f"no configuration at {config_path}: upload the configuration XML there")
    return {f"s3://{bucket}/{each}": s3.get_object(Bucket=bucket, Key=each)["Body"].read() for each in keys}


def read_points(s3: Any, path: str) -> list[Row]:
    """Return the rows of the table's object; none if it does not exist yet."""
    bucket, key = split_path(path)
    try:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        return []
    return list(pq.read_table(pa.BufferReader(body)).to_pylist())


def write_points(s3: Any, path: str, rows: list[Row]) -> None:
    """Replace the table's object; readers see the old rows or the new ones."""
    bucket, key = split_path(path)
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), buffer)
    s3.put_object(Bucket=bucket, Key=key, Body=buffer.getvalue())


def update_catalog(glue: Any, database: str, table: str, location: str, rows: list[Row]) -> None:
    """Update the catalog table's columns, location and record count."""
    found = glue.get_table(DatabaseName=database, Name=table)["Table"]
    columns = [{"Name": field.name, "Type": GLUE_TYPES[field.type]} for field in SCHEMA]
    storage = {**found["StorageDescriptor"], "Columns": columns, "Location": location}
    parameters = {**found.get("Parameters", {}), "recordCount": str(len(rows))}
    if (storage, parameters) == (found["StorageDescriptor"], found.get("Parameters")):
        return
    kept = ("Name", "Description", "TableType", "PartitionKeys")
    table_input = {name: found[name] for name in kept if name in found}
    glue.update_table(
        DatabaseName=database, TableInput={**table_input, "StorageDescriptor": storage, "Parameters": parameters}
    )


def split_path(path: str) -> tuple[str, str]:
    """Return (bucket, key) of s3://bucket/key."""
    bucket, _, key = path.split("://", 1)[1].partition("/")
    return bucket, key


def main(arguments: list[str]) -> None:
    """Run the job."""
    parser = argparse.ArgumentParser()
    for name in ("config_path", "points_path", "database", "table"):
        parser.add_argument(f"--{name}", required=True)
    # Glue passes its own arguments as well.
    args, _ = parser.parse_known_args(arguments)
    s3, glue = boto3.client("s3"), boto3.client("glue")
    documents = read_documents(s3, args.config_path)
    location = args.points_path.rstrip("/") + "/"
    known = read_points(s3, location + "points.parquet")
    loaded = [row for name, document in documents.items() for row in parse(document, name)]
    # Loading a document again replaces its rows: the same date twice is a correction.
    again = {row["valid_from"] for row in loaded}
    rows = dated([*(row for row in known if row["valid_from"] not in again), *loaded])
    if rows != known:
        write_points(s3, location + "points.parquet", rows)
    update_catalog(glue, args.database, args.table, location, rows)
    print(f"{len(documents)} documents with {len(loaded)} points; {len(rows) - len(known)} rows new of {len(rows)}")


if __name__ == "__main__":
    main(sys.argv[1:])
