"""Copies a Kinesis stream into files for Spark's file stream; file names contain shard and sequence numbers.

Maven Central has no maintained Kinesis source for Spark 3.5. Kinesis itself is the durable log: if a restarted query
needs a file again, its records are read again by the sequence numbers in its name.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

_IDLE = 0.25  # seconds; the limit of a shard is five reads per second
_SHARDS_EVERY = 20  # polls
Records = list[dict[str, Any]]


class Consumer:
    """Reads every shard of a stream into the folder ``landing``, in its own thread, after ``begin`` is called."""

    def __init__(self, stream: Mapping[str, str], landing: Path, position: Mapping[str, Any], per_read: int) -> None:
        self._stream, self.landing, self._first, self._per_read = dict(stream), landing, dict(position), per_read
        self._client = boto3.client("kinesis")
        self._iterators: dict[str, str | None] = {}
        self._last: dict[str, str] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.error: Exception | None = None
        landing.mkdir(parents=True, exist_ok=True)

    @property
    def begun(self) -> bool:
        """Whether ``begin`` was called."""
        return self._thread is not None

    def begin(self, positions: Mapping[str, str], again: Iterable[Path], since: datetime) -> None:
        """Start after these sequence numbers, or at startingPosition for other shards ("latest" means ``since``).

        First creates the files in ``again``; raises RuntimeError if the stream no longer has their records.
        """
        self._last = dict(positions)
        if self._first["ShardIteratorType"] == "LATEST":
            # So that records that arrive between the first start and a restart are not missed.
            self._first = {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": since}
        for path in again:
            if not path.exists():
                self._make_again(path)
        self._find_shards(self._first)
        self._thread = threading.Thread(target=self._run, name=f"kinesis {self.landing.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and delete the folder."""
        self._stopping.set()
        if self._thread:
            self._thread.join()
        shutil.rmtree(self.landing, ignore_errors=True)

    def _run(self) -> None:
        turn = 0
        try:
            while not self._stopping.is_set():
                turn += 1
                if turn % _SHARDS_EVERY == 0:
                    self._find_shards({"ShardIteratorType": "TRIM_HORIZON"})
                if not sum(self._read(shard) for shard in list(self._iterators)):
                    self._stopping.wait(_IDLE)
        except (BotoCoreError, ClientError, OSError) as error:
            self.error = error

    def _find_shards(self, position: Mapping[str, Any]) -> None:
        # A shard that appears later comes from a split or a merge: read it from its beginning.
        for shard in self._client.list_shards(**self._stream)["Shards"]:
            name = shard["ShardId"]
            if name not in self._iterators:
                self._iterators[name] = self._iterator(name, self._place(name) or position)

    def _place(self, shard: str) -> dict[str, Any] | None:
        last = self._last.get(shard)
        return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": last} if last else None

    def _iterator(self, shard: str, position: Mapping[str, Any]) -> str:
        return str(self._client.get_shard_iterator(**self._stream, ShardId=shard, **position)["ShardIterator"])

    def _read(self, shard: str) -> int:
        iterator = self._iterators[shard]
        if iterator is None:  # the shard is closed and fully read
            return 0
        try:
            answer = self._client.get_records(ShardIterator=iterator, Limit=self._per_read)
        except self._client.exceptions.ExpiredIteratorException:
            self._iterators[shard] = self._iterator(shard, self._place(shard) or self._first)
            return 0
        records: Records = answer["Records"]
        if records:
            first, last = records[0]["SequenceNumber"], records[-1]["SequenceNumber"]
            write(self.landing / f"{shard}.{first}.{last}.json", records)
            self._last[shard] = last
        self._iterators[shard] = answer.get("NextShardIterator")
        return len(records)

    def _make_again(self, path: Path) -> None:
        shard, first, last = path.name.removesuffix(".json").split(".")
        position = {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": first}
        iterator: str | None = self._iterator(shard, position)
        found: Records = []
        while iterator and not (found and int(found[-1]["SequenceNumber"]) >= int(last)):
            answer = self._client.get_records(ShardIterator=iterator, Limit=self._per_read)
            if not answer["Records"] and not answer.get("MillisBehindLatest"):
                break
            found += answer["Records"]
            iterator = answer.get("NextShardIterator")
        wanted = [record for record in found if int(record["SequenceNumber"]) <= int(last)]
        if not wanted or wanted[0]["SequenceNumber"] != first:
            raise RuntimeError(
                f"the stream no longer has the unprocessed records {first} to {last} of {shard}: "
                "its retention period is shorter than the query was stopped"
            )
        write(path, wanted)


def write(path: Path, records: Records) -> None:
    """Write records to a file atomically, as JSON lines with the data as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    with draft.open("w", encoding="utf-8") as lines:
        for record in records:
            arrived = record["ApproximateArrivalTimestamp"].astimezone(timezone.utc)
            data = record["Data"].decode("utf-8", errors="replace")
            line = {"data": data, "arrived": int(arrived.timestamp() * 1000)}
            lines.write(json.dumps(line) + "\n")
    os.replace(draft, path)
