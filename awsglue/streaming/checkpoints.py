"""Read from a query's checkpoint which files of its sources it has seen and which it must read again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pyspark.sql import SparkSession

_START = "glue-local-start"  # our entry in the checkpoint: when the query was first started


@dataclass
class Seen:
    """The files of one source: last sequence number by shard, and files of batches that are not committed."""

    positions: dict[str, str] = field(default_factory=dict)
    unprocessed: list[Path] = field(default_factory=list)


@dataclass
class Checkpoint:
    """A checkpoint: what was seen, by landing folder, and when the query was first started."""

    seen: dict[str, Seen]
    since: datetime


def read(spark: SparkSession, location: str) -> Checkpoint:
    """Read the checkpoint at a location, which may be empty; the first call records the start time there."""
    texts = dict(_texts(spark, location))
    commits = [int(name[1]) for name in texts if name[0] == "commits"]
    offsets = texts.get(("offsets", str(max(commits)))) if commits else None
    # After the version and the query's metadata, there is one line for each source.
    done = [json.loads(line) for line in offsets.splitlines()[2:]] if offsets else []
    seen: dict[str, Seen] = {}
    for name, text in texts.items():
        if name[0] == "sources":
            source = int(name[1])
            committed = int(done[source]["logOffset"]) if source < len(done) and done[source] else -1
            for line in text.splitlines()[1:]:
                _note(seen, json.loads(line), committed)
    return Checkpoint(seen, _first_start(spark, location))


def _note(seen: dict[str, Seen], entry: dict[str, Any], committed: int) -> None:
    path = Path(unquote(urlsplit(entry["path"]).path))
    source = seen.setdefault(path.parent.name, Seen())
    shard, _, last = path.name.removesuffix(".json").split(".")
    source.positions[shard] = str(max(int(last), int(source.positions.get(shard, "0"))))
    if int(entry["batchId"]) > committed and path not in source.unprocessed:
        source.unprocessed.append(path)


def _texts(spark: SparkSession, location: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the relative path and the text of each file in the checkpoint."""
    context: Any = spark.sparkContext
    root = context._jvm.org.apache.hadoop.fs.Path(location)
    files = root.getFileSystem(context._jsc.hadoopConfiguration())
    for pattern in ("commits/*", "offsets/*", "sources/*/*"):
        found = files.globStatus(context._jvm.org.apache.hadoop.fs.Path(root, pattern)) or []
        for path in (status.getPath() for status in found if status.isFile()):
            parts = tuple(str(path.toString()).rsplit("/", pattern.count("/") + 1)[1:])
            # Spark's checksum and temporary files.
            if not parts[-1].startswith("."):
                yield parts, _text(context, files, path)


def _text(context: Any, files: Any, path: Any) -> str:
    stream = files.open(path)
    try:
        return str(context._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
    finally:
        stream.close()


def _first_start(spark: SparkSession, location: str) -> datetime:
    context: Any = spark.sparkContext
    path = context._jvm.org.apache.hadoop.fs.Path(location, _START)
    files = path.getFileSystem(context._jsc.hadoopConfiguration())
    if files.exists(path):
        return datetime.fromisoformat(_text(context, files, path))
    now = datetime.now(timezone.utc)
    stream = files.create(path)
    stream.write(now.isoformat().encode())
    stream.close()
    return now
