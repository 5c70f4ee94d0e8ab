"""Sources of records: a Kinesis stream, or direct puts."""

import base64
import time
from collections.abc import Iterator
from typing import Any

from glue_local.delivery.buffer import Arrival
from glue_local.delivery.streams_api import StreamsApi

_LIMIT = 10_000
_SHARDS_LAST = 10.0  # seconds, unless one was closed
PUTS = "direct-put"


class Kinesis:
    """Reads all shards of a stream, each from its checkpoint."""

    def __init__(self, client: Any, stream_arn: str, positions: dict[str, str], read_stream: str | None) -> None:
        self._client, self._arn = client, stream_arn
        self.stream = self._identity()
        # Do not use the sequence numbers of an earlier stream with this name: in memory, streams are lost when the
        # server stops.
        self._positions = dict(positions) if read_stream == self.stream else {}
        self._iterators: dict[str, str] = {}
        self._shards: list[str] = []
        self._shards_expire = 0.0

    def read(self) -> Iterator[Arrival]:
        """Yield the records since the last call, shard by shard."""
        if time.monotonic() >= self._shards_expire:
            self._shards = [shard["ShardId"] for shard in self._client.list_shards(StreamARN=self._arn)["Shards"]]
            self._shards_expire = time.monotonic() + _SHARDS_LAST
        for shard in self._shards:
            yield from self._read(shard)

    def _identity(self) -> str:
        summary = self._client.describe_stream_summary(StreamARN=self._arn)["StreamDescriptionSummary"]
        return f"{self._arn} {summary['StreamCreationTimestamp'].timestamp()}"

    def _read(self, shard: str) -> Iterator[Arrival]:
        iterator = self._iterators.get(shard) or self._begin(shard)
        if iterator == "closed":
            return
        answer = self._client.get_records(ShardIterator=iterator, Limit=_LIMIT, StreamARN=self._arn)
        for record in answer["Records"]:
            arrived = record["ApproximateArrivalTimestamp"].timestamp()
            yield Arrival(record["Data"], arrived, shard, record["SequenceNumber"])
        self._iterators[shard] = answer.get("NextShardIterator") or "closed"
        if self._iterators[shard] == "closed":
            self._shards_expire = 0.0  # it was split or merged

    def _begin(self, shard: str) -> str:
        place = {"ShardIteratorType": "TRIM_HORIZON"}
        if shard in self._positions:
            place = {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "StartingSequenceNumber": self._positions[shard],
            }
        return str(self._client.get_shard_iterator(StreamARN=self._arn, ShardId=shard, **place)["ShardIterator"])


class Puts:
    """Reads direct puts that are not delivered yet."""

    stream = PUTS

    def __init__(self, api: StreamsApi, stream: dict[str, Any]) -> None:
        self._api, self._stream, self._after = api, stream, ""

    def read(self) -> Iterator[Arrival]:
        """Yield the puts since the last call."""
        while records := self._api.put_records(self._stream, self._after):
            for record in records:
                yield Arrival(base64.b64decode(record["data"]), record["arrived"], PUTS, record["id"])
            self._after = records[-1]["id"]
