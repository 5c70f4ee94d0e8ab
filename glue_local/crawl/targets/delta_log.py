"""The log of a Delta Lake table: its last checkpoint and the commits after it.

https://github.com/delta-io/delta/blob/master/PROTOCOL.md
"""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.formats.arrow import module
from glue_local.crawl.targets.tables import Store
from glue_local.crawl.types import MAP, Columns, Type, text

_FOLDER = "_delta_log/"
_COMMIT = re.compile(r"(?P<version>\d{20})\.json")
_CHECKPOINT = re.compile(r"(?P<version>\d{20})\.checkpoint(?:\.\d{10}\.(?P<parts>\d{10}))?\.parquet")
_NAMES = {
    "byte": "tinyint",
    "short": "smallint",
    "integer": "int",
    "long": "bigint",
    "timestamp_ntz": "timestamp",
}


@dataclass
class Snapshot:
    """A version of a table. ``files`` are the partition values of each data file by its path in the table."""

    version: int = -1
    timestamp: int = 0
    """When it was committed, in milliseconds since the epoch; 0 if the log does not say so."""
    metadata: dict[str, Any] = field(default_factory=dict)
    files: dict[str, dict[str, str | None]] = field(default_factory=dict)
    has_deletion_vectors: bool = False

    @property
    def columns(self) -> Columns:
        """The columns with their types, in order."""
        schema = json.loads(self.metadata["schemaString"])
        return {each["name"]: _type(each["type"]) for each in schema["fields"]}

    @property
    def keys(self) -> list[str]:
        """The names of the partition columns."""
        return list(self.metadata.get("partitionColumns") or [])


def read_log(store: Store, bucket: str, folder: str) -> Snapshot | None:
    """Return the latest snapshot of a table, None if the folder is no table. Raises CrawlFailed."""
    names = [each["Key"].rpartition("/")[2] for each in store.objects(bucket, f"{folder}{_FOLDER}")]
    start, parts = _last_checkpoint(names)
    commits = sorted(name for name in names if (found := _COMMIT.fullmatch(name)) and int(found["version"]) > start)
    if not commits and not parts:
        return None
    snapshot = Snapshot(version=start)
    where = f"s3://{bucket}/{folder}{_FOLDER}"
    try:
        for name in parts:
            for action in _checkpoint(store.read(bucket, f"{folder}{_FOLDER}{name}"), where):
                _apply(snapshot, action)
        for name in commits:
            if int(name[:20]) != snapshot.version + 1:
                raise CrawlFailed(f"The Delta log {where} has no commit {snapshot.version + 1}.")
            snapshot.version += 1
            for line in store.read(bucket, f"{folder}{_FOLDER}{name}").splitlines():
                if line.strip():
                    _apply(snapshot, json.loads(line))
        _ = snapshot.columns
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CrawlFailed(f"The Delta log {where} cannot be read: {error!r}") from None
    return snapshot


def _last_checkpoint(names: list[str]) -> tuple[int, list[str]]:
    """Return the version and the files of the last complete checkpoint; -1 without one."""
    found: dict[tuple[int, int], list[str]] = {}
    for name in names:
        if matched := _CHECKPOINT.fullmatch(name):
            found.setdefault((int(matched["version"]), int(matched["parts"] or 1)), []).append(name)
    complete = [(version, count) for (version, count), files in found.items() if len(files) == count]
    if not complete:
        return -1, []
    last = max(complete)
    return last[0], sorted(found[last])


def _checkpoint(data: bytes, where: str) -> Iterator[dict[str, Any]]:
    parquet = module("pyarrow.parquet", "Crawling a Delta table with checkpoints")
    arrow = module("pyarrow", "Crawling a Delta table with checkpoints")
    try:
        table = parquet.read_table(io.BytesIO(data))
    except (arrow.ArrowException, OSError) as error:
        raise CrawlFailed(f"A checkpoint of the Delta log {where} cannot be read: {error}") from None
    wanted = [name for name in ("metaData", "add") if name in table.column_names]
    for row in table.select(wanted).to_pylist(maps_as_pydicts="strict"):
        yield {name: action for name, action in row.items() if action is not None}


def _apply(snapshot: Snapshot, action: dict[str, Any]) -> None:
    if "metaData" in action:
        snapshot.metadata = action["metaData"]
    elif "add" in action:
        added = action["add"]
        snapshot.files[unquote(added["path"])] = dict(added.get("partitionValues") or {})
        snapshot.has_deletion_vectors |= bool(added.get("deletionVector"))
    elif "remove" in action:
        snapshot.files.pop(unquote(action["remove"]["path"]), None)
    elif "commitInfo" in action:
        snapshot.timestamp = int(action["commitInfo"].get("timestamp") or 0)


def _type(kind: Any) -> Type:
    if isinstance(kind, str):
        return _NAMES.get(kind, kind)
    if kind["type"] == "array":
        return ("array", _type(kind["elementType"]))
    if kind["type"] == "map":
        return (f"{MAP}{text(_type(kind['keyType']))}", _type(kind["valueType"]))
    return ("struct", {each["name"]: _type(each["type"]) for each in kind["fields"]})
