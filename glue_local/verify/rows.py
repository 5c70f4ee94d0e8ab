"""The rows of tables, read as anyone would, and how two sets of them differ."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from glue_local.verify.copies import Copies
from glue_local.verify.definition import Verification

# Executors add up in an order of their own, so the last bits of a sum are nobody's.
_DECIMALS = 6
_PAIRED = 200  # of a table: every row is held against every other

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Difference:
    """What differs in a table: rows only here, rows only there, and rows that are the same but for some columns."""

    missing: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    """Pairs of a row as it is expected and as it was found."""

    @property
    def rows(self) -> int:
        """How many rows differ."""
        return len(self.missing) + len(self.extra) + len(self.changed)


def read_tables(glue: Any, s3: Any, copies: Copies, asked: Verification) -> Tables:
    """Return the rows of each table that is compared, as JSON has them; partition keys are columns, unless by arrival."""
    return {
        name: sorted(_table(glue, s3, copies.database, name, name not in asked.by_arrival), key=_text)
        for name in asked.tables
    }


def _table(glue: Any, s3: Any, database: str, name: str, keyed: bool) -> Iterator[Row]:
    keys = [each["Name"] for each in glue.get_table(DatabaseName=database, Name=name)["Table"].get("PartitionKeys", [])]
    pages = glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=name)
    for partition in (each for page in pages for each in page["Partitions"]):
        values = dict(zip(keys, partition["Values"], strict=True)) if keyed else {}
        for row in _rows(s3, partition["StorageDescriptor"]["Location"]):
            yield {**{column: _plain(value) for column, value in row.items()}, **values}


def _rows(s3: Any, location: str) -> Iterator[Row]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.rstrip("/") + "/"):
        for item in page.get("Contents", []):
            if item["Key"].endswith(".parquet"):
                body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                yield from pq.ParquetFile(pa.BufferReader(body)).read().to_pylist()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        # Spark writes instants; older writers leave their zone out of the file.
        moment = value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return moment.isoformat()
    if isinstance(value, float):
        return round(value, _DECIMALS)
    return value.isoformat() if isinstance(value, date) else value


def compare(expected: Tables, found: Tables) -> dict[str, Difference]:
    """Return the difference of each table that has one."""
    return {
        name: difference
        for name in sorted({*expected, *found})
        if (difference := _difference(expected.get(name, []), found.get(name, []))).rows
    }


def _difference(expected: list[Row], found: list[Row]) -> Difference:
    wanted, there = Counter(map(_text, expected)), Counter(map(_text, found))
    by_text = {_text(row): row for row in (*expected, *found)}
    missing: list[Any] = [by_text[text] for text in sorted((wanted - there).elements())]
    extra: list[Any] = [by_text[text] for text in sorted((there - wanted).elements())]
    changed = []
    for _, at, other in sorted(_likenesses(missing, extra), reverse=True):
        if missing[at] is not None and extra[other] is not None:
            changed.append((missing[at], extra[other]))
            missing[at] = extra[other] = None
    return Difference([row for row in missing if row], [row for row in extra if row], changed)


def _likenesses(missing: list[Any], extra: list[Any]) -> Iterator[tuple[int, int, int]]:
    """Yield how much alike two rows are, and which; rows of which less than half is the same are no two versions of one."""
    for at, row in enumerate(missing[:_PAIRED]):
        for other, twin in enumerate(extra[:_PAIRED]):
            alike = _alike(row, twin)
            if alike * 2 >= len(row):
                yield alike, at, other


def _alike(one: Row, other: Row) -> int:
    return sum(1 for key, value in one.items() if key in other and other[key] == value)


def _text(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, default=str)


def save(tables: Tables) -> str:
    """Return rows as a file keeps them."""
    return json.dumps(tables, indent=0, default=str) + "\n"


def load(text: str) -> Tables:
    """Return the rows of a file; raises ValueError for one that ``save`` did not write."""
    document = json.loads(text)
    if not isinstance(document, dict) or not all(isinstance(rows, list) for rows in document.values()):
        raise ValueError("not the rows of a verification")
    return document
