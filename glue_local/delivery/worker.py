"""One thread a delivery stream: read, buffer, put to S3, and only then move the checkpoint."""

import contextlib
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.delivery.buffer import MIB, Arrival, Buffer
from glue_local.delivery.conversion import ERROR_TYPE, Conversion, configured
from glue_local.delivery.prefix import object_key
from glue_local.delivery.private_api import PrivateApi, Trouble
from glue_local.delivery.rendering import body
from glue_local.delivery.sources import PUTS, Kinesis, Puts

ClientOf = Callable[[str, dict[str, Any]], Any]

_LOOK_FOR_STREAMS = 0.5
_SHORTEST, _LONGEST = 0.02, 0.2
_AFTER_TROUBLE = 1.0


class _Told:
    """What is wrong at the moment, said once for as long as it is the same: it may last for hours."""

    def __init__(self, tell: Callable[[str], None] | None = None, last: str = "") -> None:
        self._tell, self._last = tell, last

    def say(self, trouble: str, shown: str = "") -> None:
        """Say a trouble in the log; ``shown`` is what the server is told of it."""
        if trouble != self._last:
            self._last = trouble
            say(trouble)
            self._show(shown or trouble)

    def over(self) -> None:
        """There is none any more."""
        if self._last:
            self._last = ""
            self._show("")

    def _show(self, trouble: str) -> None:
        # A server that is away is a trouble of its own, and is told of by who asks it for streams.
        if self._tell:
            with contextlib.suppress(Trouble):
                self._tell(trouble)


class Delivery:
    """Delivers every stream the server knows, each on a thread of its own, until it is ended."""

    def __init__(self, api: PrivateApi, client_of: ClientOf) -> None:
        self._api, self._client_of = api, client_of
        self._ended = threading.Event()
        self._threads: dict[tuple[str, ...], tuple[threading.Thread, threading.Event]] = {}

    def work(self) -> None:
        """Look for streams to deliver; begin new ones, changed ones anew, and end deleted ones."""
        told = _Told()
        while not self._ended.wait(_LOOK_FOR_STREAMS):
            try:
                self._adjust(self._api.streams())
                told.over()
            except Trouble as trouble:
                told.say(str(trouble))

    def end(self) -> None:
        """Stop; what is buffered is read again from the checkpoint next time."""
        self._ended.set()
        for _, stop in self._threads.values():
            stop.set()

    def _adjust(self, streams: list[dict[str, Any]]) -> None:
        wanted = {_identity(stream): stream for stream in streams}
        for key in set(self._threads) - set(wanted):
            thread, stop = self._threads.pop(key)
            stop.set()
            thread.join()
        for key in set(wanted) - set(self._threads):
            stop = threading.Event()
            thread = threading.Thread(target=self._deliver, args=(wanted[key], stop), daemon=True, name=key[2])
            self._threads[key] = (thread, stop)
            thread.start()

    def _deliver(self, stream: dict[str, Any], stop: threading.Event) -> None:
        # Of an earlier process too: it may be over.
        told = _Told(lambda trouble: self._api.trouble(stream, trouble), stream["checkpoint"].get("trouble", ""))
        while not stop.is_set():
            try:
                StreamDelivery(stream, self._api, self._client_of).run(stop, told.over)
            except (Trouble, ClientError, BotoCoreError, ValueError) as trouble:
                told.say(f"{stream['name']}: {trouble}; trying again, nothing is lost", str(trouble))
            except Exception as error:  # noqa: BLE001 - the outermost loop of a stream: it must not end unheard
                reason = f"{type(error).__name__}: {error}"
                told.say(f"{stream['name']}: {reason}; trying again, nothing is lost", reason)
            if not stop.wait(_AFTER_TROUBLE):
                stream = self._fresh(stream)

    def _fresh(self, stream: dict[str, Any]) -> dict[str, Any]:
        """Return the stream with its present checkpoint: an attempt before may have moved it."""
        try:
            return next((s for s in self._api.streams() if _identity(s) == _identity(stream)), stream)
        except Trouble:
            return stream


class StreamDelivery:
    """The delivery of one stream from its checkpoint on."""

    def __init__(self, stream: dict[str, Any], api: PrivateApi, client_of: ClientOf) -> None:
        self._stream, self._api = stream, api
        self._description = stream["description"]
        self._destination = self._description["Destinations"][0]["ExtendedS3DestinationDescription"]
        hints = self._destination["BufferingHints"]
        self._buffer = Buffer(hints["SizeInMBs"] * MIB, float(hints["IntervalInSeconds"]))
        self._zone = ZoneInfo(self._destination.get("CustomTimeZone", "UTC"))
        self._s3 = client_of("s3", stream)
        self._source = self._open_source(client_of)
        conversion = configured(self._destination)
        glue = client_of("glue", stream) if conversion else None
        self._conversion = Conversion(conversion, glue, stream["account"], stream["region"]) if conversion else None

    def run(self, stop: threading.Event, going_well: Callable[[], None]) -> None:
        """Deliver until told to stop; raises what keeps it from going on, and says when nothing does."""
        pause = _SHORTEST
        while not stop.is_set():
            found = False
            for record in self._source.read():
                found = True
                self._buffer.add(record, time.monotonic())
                if self._buffer.size >= self._buffer.max_bytes:
                    self._flush()
                    going_well()
            if self._buffer.is_due(time.monotonic()):
                self._flush()
            # What is buffered may be what could not be delivered before.
            if not self._buffer.records:
                going_well()
            pause = _SHORTEST if found else min(2 * pause, _LONGEST)
            stop.wait(pause)

    def _open_source(self, client_of: ClientOf) -> Kinesis | Puts:
        source = self._description.get("Source", {}).get("KinesisStreamSourceDescription")
        if source is None:
            return Puts(self._api, self._stream)
        checkpoint = self._stream["checkpoint"]
        kinesis = client_of("kinesis", self._stream)
        return Kinesis(kinesis, source["KinesisStreamARN"], checkpoint["positions"], checkpoint["stream"])

    def _flush(self) -> None:
        records = self._buffer.records
        arrived = datetime.fromtimestamp(min(record.arrived for record in records), timezone.utc)
        if self._conversion is None:
            self._put(arrived, self._destination.get("Prefix"), *body((r.data for r in records), self._destination))
        else:
            made = self._conversion.objects(records, time.time())
            if made.converted is not None:
                self._put(arrived, self._destination.get("Prefix"), made.converted, ".parquet")
            if made.errors is not None:
                self._put(arrived, self._error_prefix(), made.errors, "", ERROR_TYPE)
        self._api.checkpoint(self._stream, _progress(records, self._source.stream))
        self._buffer.empty()

    def _put(self, arrived: datetime, prefix: str | None, content: bytes, suffix: str, error_type: str = "") -> None:
        name, version = self._stream["name"], self._description["VersionId"]
        key = object_key(prefix, name, version, arrived, str(uuid.uuid4()), suffix, error_type, self._zone)
        bucket = self._destination["BucketARN"].removeprefix("arn:aws:s3:::")
        self._s3.put_object(Bucket=bucket, Key=key, Body=content)

    def _error_prefix(self) -> str:
        # Without one of its own, errors lie beside the data, in a folder named after the kind of error.
        return str(self._destination.get("ErrorOutputPrefix") or f"{ERROR_TYPE}/")


def _progress(records: list[Arrival], stream: str) -> dict[str, Any]:
    puts = [record.position for record in records if record.shard == PUTS]
    positions = {record.shard: record.position for record in records if record.shard != PUTS}
    return {"records": len(records), "positions": positions, "put_records": puts, "stream": stream}


def _identity(stream: dict[str, Any]) -> tuple[str, ...]:
    description = stream["description"]
    created = str(description["CreateTimestamp"])
    return (stream["account"], stream["region"], stream["name"], created, description["VersionId"])


def say(message: str) -> None:
    """Write a line to the process's log."""
    sys.stderr.write(f"glue-local delivery: {message}\n")
    sys.stderr.flush()
