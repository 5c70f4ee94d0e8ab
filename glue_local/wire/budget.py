"""A limit for the memory of concurrent requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from glue_local.core.faults import Unavailable

_LONGEST_WAIT = 60.0  # seconds


class Budget:
    """The bytes that concurrent requests may hold; a request waits until enough are free."""

    def __init__(self, size: int, longest_wait: float = _LONGEST_WAIT) -> None:
        self._size, self._held, self._longest_wait = size, 0, longest_wait
        self._freed = threading.Condition()

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Hold ``size`` bytes, at most the whole budget; raises Unavailable after the longest wait."""
        size = min(size, self._size)
        with self._freed:
            if not self._freed.wait_for(lambda: self._held + size <= self._size, self._longest_wait):
                raise Unavailable("glue-local is processing too many large requests: send fewer at a time")
            self._held += size
        try:
            yield
        finally:
            with self._freed:
                self._held -= size
                self._freed.notify_all()
