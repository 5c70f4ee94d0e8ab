"""Deliver all streams, one thread each, and report their problems."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.core.private_api import ServerUnreachable
from glue_local.delivery.log import say
from glue_local.delivery.stream_delivery import ClientOf, StreamDelivery
from glue_local.delivery.streams_api import StreamsApi

_LOOK_FOR_STREAMS = 0.5
_AFTER_ERROR = 1.0


class _Problem:
    """The current problem, which is reported only once."""

    def __init__(self, report: Callable[[str], None] | None = None, last: str = "") -> None:
        self._report, self._last = report, last

    def set(self, message: str, status: str = "") -> None:
        """Log a problem, and report it to the server for ``status``."""
        if message != self._last:
            self._last = message
            say(message)
            self._send(status or message)

    def clear(self) -> None:
        """Clear the reported problem."""
        if self._last:
            self._last = ""
            self._send("")

    def _send(self, status: str) -> None:
        # The loop over all streams reports a server that does not respond.
        if self._report:
            with contextlib.suppress(ServerUnreachable):
                self._report(status)


class Delivery:
    """Delivers all streams of the server, each on its own thread, until it is stopped."""

    def __init__(self, api: StreamsApi, client_of: ClientOf) -> None:
        self._api, self._client_of = api, client_of
        self._ended = threading.Event()
        self._threads: dict[tuple[str, ...], tuple[threading.Thread, threading.Event]] = {}

    def work(self) -> None:
        """Start the delivery of new streams, restart that of changed ones and stop that of deleted ones."""
        problem = _Problem()
        while not self._ended.wait(_LOOK_FOR_STREAMS):
            try:
                self._adjust(self._api.streams())
                problem.clear()
            except ServerUnreachable as error:
                problem.set(str(error))

    def end(self) -> None:
        """Stop. Buffered records are read again from the checkpoint next time."""
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
        # An earlier process may have reported a problem that is solved now.
        last = stream["checkpoint"].get("trouble", "")
        problem = _Problem(lambda status: self._api.trouble(stream, status), last)
        while not stop.is_set():
            try:
                StreamDelivery(stream, self._api, self._client_of).run(stop, problem.clear)
            except (ServerUnreachable, ClientError, BotoCoreError, ValueError) as error:
                problem.set(f"{stream['name']}: {error}; retrying, no records are lost", str(error))
            except Exception as error:  # noqa: BLE001 - the outermost loop of a stream: it must not end unnoticed
                reason = f"{type(error).__name__}: {error}"
                problem.set(f"{stream['name']}: {reason}; retrying, no records are lost", reason)
            if not stop.wait(_AFTER_ERROR):
                stream = self._fresh(stream)

    def _fresh(self, stream: dict[str, Any]) -> dict[str, Any]:
        """Return the stream with its current checkpoint, which the last attempt may have moved."""
        try:
            return next((s for s in self._api.streams() if _identity(s) == _identity(stream)), stream)
        except ServerUnreachable:
            return stream


def _identity(stream: dict[str, Any]) -> tuple[str, ...]:
    description = stream["description"]
    created = str(description["CreateTimestamp"])
    return (stream["account"], stream["region"], stream["name"], created, description["VersionId"])
