"""Ships a run's output to CloudWatch Logs while the run writes it."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

# PutLogEvents: 1 MiB a call counting 26 bytes an event, 10 000 events, 256 KiB an event.
_CALL_BYTES, _CALL_EVENTS, _EVENT_OVERHEAD = 1_000_000, 10_000, 26
_EVENT_CHARACTERS = 60_000  # of at most four bytes each
_PAUSE = 0.3
_LAST_TRIES = 5


@dataclass
class _Followed:
    """A file, its log group, and how many of its bytes have been shipped."""

    path: Path
    group: str
    shipped: int = 0


class Output:
    """Ships what is appended to files into log streams, from a thread, until it is closed.

    ``files`` maps a file to its log group; the stream is named after the run. While the logs service fails, output stays in
    its file. If the service still fails when the run is over, the output is lost; the run does not fail.
    """

    def __init__(self, client: Any, run_id: str, files: dict[Path, str]) -> None:
        self._client = client
        self._run_id = run_id
        self._files = [_Followed(path, group) for path, group in files.items()]
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"logs-{run_id[:12]}")
        self._thread.start()

    def close(self) -> None:
        """Ship the rest and stop."""
        self._closing.set()
        self._thread.join()

    def _follow(self) -> None:
        trouble = self._make_streams()
        while not self._closing.wait(_PAUSE):
            trouble = self._ship(last=False)
        for _ in range(_LAST_TRIES):
            trouble = self._ship(last=True)
            if trouble is None:
                return
            time.sleep(_PAUSE)
        print(f"glue-local: the last output of {self._run_id} is lost: {trouble}", file=sys.stderr, flush=True)

    def _make_streams(self) -> str | None:
        try:
            for file in self._files:
                _create(self._client, file.group, self._run_id)
        except (BotoCoreError, ClientError) as error:
            return str(error)
        return None

    def _ship(self, *, last: bool) -> str | None:
        """Ship new output; return the error of the logs service, if any."""
        try:
            for file in self._files:
                self._ship_file(file, last=last)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                # The server has restarted with empty state: create the log groups again.
                return self._make_streams() or str(error)
            return str(error)
        except BotoCoreError as error:
            return str(error)
        return None

    def _ship_file(self, file: _Followed, *, last: bool) -> None:
        with file.path.open("rb") as opened:
            opened.seek(file.shipped)
            new = opened.read()
        complete = new if last else new[: new.rfind(b"\n") + 1]
        for events, size in batches(complete, int(time.time() * 1000)):
            if events:
                self._client.put_log_events(logGroupName=file.group, logStreamName=self._run_id, logEvents=events)
            file.shipped += size


def batches(text: bytes, now: int) -> Iterator[tuple[list[dict[str, Any]], int]]:
    """Cut output into calls of PutLogEvents, each with the number of bytes of ``text`` that it covers.

    One event per line. Long lines are split; empty lines are dropped, since AWS rejects empty events. Invalid UTF-8 is replaced.
    """
    events: list[dict[str, Any]] = []
    room, taken = _CALL_BYTES, 0
    for line in text.splitlines(keepends=True):
        pieces = list(_pieces(line))
        needed = sum(len(piece.encode()) + _EVENT_OVERHEAD for piece in pieces)
        if events and (needed > room or len(events) + len(pieces) > _CALL_EVENTS):
            yield events, taken
            events, room, taken = [], _CALL_BYTES, 0
        for piece in pieces:
            size = len(piece.encode()) + _EVENT_OVERHEAD
            if events and size > room:  # a line that is longer than a call
                yield events, taken
                events, room, taken = [], _CALL_BYTES, 0
            events.append({"timestamp": now, "message": piece})
            room -= size
        taken += len(line)
    if taken:
        yield events, taken


def _pieces(line: bytes) -> Iterator[str]:
    text = line.rstrip(b"\r\n").decode(errors="replace")
    return (text[start : start + _EVENT_CHARACTERS] for start in range(0, len(text), _EVENT_CHARACTERS))


def _create(client: Any, group: str, stream: str) -> None:
    with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_group(logGroupName=group)
    with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_stream(logGroupName=group, logStreamName=stream)
