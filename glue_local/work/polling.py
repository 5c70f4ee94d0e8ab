"""Long polling."""

import time
from collections.abc import Callable
from typing import TypeVar

from glue_local.store import Store

_LONGEST_WAIT = 30.0

T = TypeVar("T")


def long_poll(store: Store, look: Callable[[], T | None], wait: float, connected: Callable[[], bool]) -> T | None:
    """Call ``look`` until it returns something, for ``wait`` seconds (at most 30); return None if it never does.

    Work is not handed to a worker that disconnected while polling: it would not be executed.
    """
    end = time.monotonic() + min(wait, _LONGEST_WAIT)
    while connected():
        seen = store.state_changes
        found = look()
        remaining = end - time.monotonic()
        if found or remaining <= 0:
            return found
        # Short, to notice when the worker disconnects.
        store.await_state_change(seen, min(remaining, 0.5))
    return None
