"""A run's output, carried to CloudWatch Logs while it appears."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

# PutLogEvents: 1 MiB a call counting 26 bytes an event, 10 000 events, 256 KiB an event.
_CALL_BYTES, _CALL_EVENTS, _EVENT_BYTES, _EVENT_OVERHEAD = 1_000_000, 10_000, 256_000, 26
_PAUSE = 0.3


class Output:
    """Ships what is appended to files into log streams, from a thread, until it is closed.

    ``files`` maps a file to its log group; the stream is named after the run. A logs service that fails costs
    output, never the run.
    """

    def __init__(self, client: Any, run_id: str, files: dict[Path, str]) -> None:
        self._client = client
        self._run_id = run_id
        self._files = {path: (group, 0) for path, group in files.items()}
        self._rests = dict.fromkeys(files, b"")
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._ship, name=f"logs-{run_id[:12]}")
        self._thread.start()

    def close(self) -> None:
        """Ship the rest and stop."""
        self._closing.set()
        self._thread.join()

    def _ship(self) -> None:
        try:
            for group, _ in self._files.values():
                _create(self._client, group, self._run_id)
            while not self._closing.wait(_PAUSE):
                self._ship_new(last=False)
            self._ship_new(last=True)
        except (BotoCoreError, ClientError) as error:
            print(f"glue-local: output of {self._run_id} is lost from here on: {error}", file=sys.stderr, flush=True)

    def _ship_new(self, *, last: bool) -> None:
        for path, (group, position) in self._files.items():
            with path.open("rb") as file:
                file.seek(position)
                new = file.read()
            self._files[path] = (group, position + len(new))
            text = self._rests[path] + new
            complete, _, rest = (text, b"", b"") if last else text.rpartition(b"\n")
            self._rests[path] = rest
            for events in batches(complete, int(time.time() * 1000)):
                self._client.put_log_events(logGroupName=group, logStreamName=self._run_id, logEvents=events)


def batches(text: bytes, now: int) -> Iterator[list[dict[str, Any]]]:
    """Cut output into calls of PutLogEvents: one event a line, long lines split, within the limits of a call."""
    batch: list[dict[str, Any]] = []
    size = 0
    for line in text.splitlines():
        for start in range(0, len(line), _EVENT_BYTES):
            message = line[start : start + _EVENT_BYTES]
            if batch and (len(batch) >= _CALL_EVENTS or size + len(message) + _EVENT_OVERHEAD > _CALL_BYTES):
                yield batch
                batch, size = [], 0
            batch.append({"timestamp": now, "message": message.decode(errors="replace")})
            size += len(message) + _EVENT_OVERHEAD
    if batch:
        yield batch


def _create(client: Any, group: str, stream: str) -> None:
    with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_group(logGroupName=group)
    with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_stream(logGroupName=group, logStreamName=stream)
