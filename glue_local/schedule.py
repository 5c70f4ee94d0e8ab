"""The server's schedule loop: calls each entry at its interval, and earlier if it is woken."""

import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from types import TracebackType

from glue_local.core.clock import Clock

# The maximum, to notice a change of the clock soon; the minimum, for an entry that returns times in the past.
_LONGEST_SLEEP, _SHORTEST_SLEEP = 1.0, 0.01


@dataclass(frozen=True)
class Entry:
    """A function that is called periodically, with the current time in epoch seconds.

    It may return a time before the end of its interval, at which it is called as well.
    """

    name: str
    interval: float
    """Seconds from the start of one call to the start of the next."""
    call: Callable[[float], float | None]
    first_after: float | None = None
    """Seconds until the first call; None: one interval."""


class Schedule:
    """Calls entries when they are due, one after the other.

    As a context manager it runs on a thread. A test passes its own clock, sets it and calls ``run_due``.
    """

    def __init__(self, entries: Sequence[Entry], clock: Clock) -> None:
        self._entries = {entry.name: entry for entry in entries}
        self._clock = clock
        self._condition = threading.Condition()
        self._stopped = False
        self._last = self._now()
        self._planned = {entry.name: self._last + _first(entry) for entry in entries}
        self._wakes: dict[str, float] = {}
        self._thread = threading.Thread(target=self._loop, name="schedule", daemon=True)

    def __enter__(self) -> "Schedule":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._condition:
            self._stopped = True
            self._condition.notify_all()
        self._thread.join()

    def wake(self, name: str, at: float | None = None) -> None:
        """Call an entry at a time (epoch seconds; None: now), in addition to its interval.

        Of several times only the earliest is kept. Thread-safe.
        """
        with self._condition:
            instant = self._last if at is None else at
            self._wakes[name] = min(instant, self._wakes.get(name, instant))
            self._condition.notify_all()

    def run_due(self) -> float:
        """Call each entry that is due once, and return the time at which the next one is due."""
        now = self._now()
        with self._condition:
            self._follow_clock(now)
            due = [entry for name, entry in self._entries.items() if self._next(name) <= now]
            for entry in due:
                self._plan_next(entry, now)
        for entry in due:
            self._call(entry, now)
        with self._condition:
            return self._following()

    def _call(self, entry: Entry, now: float) -> None:
        try:
            wake = entry.call(now)
        except Exception:  # noqa: BLE001 - a failure must not stop the other entries, nor this one's next call
            sys.stderr.write(
                f"glue-local schedule: {entry.name} failed and will be called again:\n{traceback.format_exc()}"
            )
            return
        if wake is not None:
            self.wake(entry.name, wake)

    def _follow_clock(self, now: float) -> None:
        if now < self._last:
            # The clock was set back: shift the intervals with it, or entries would wait until it has caught up.
            self._planned = {name: planned - (self._last - now) for name, planned in self._planned.items()}
        self._last = now

    def _following(self) -> float:
        return min(map(self._next, self._entries), default=float("inf"))

    def _next(self, name: str) -> float:
        return min(self._planned[name], self._wakes.get(name, self._planned[name]))

    def _plan_next(self, entry: Entry, now: float) -> None:
        if self._wakes.get(entry.name, now + 1) <= now:
            del self._wakes[entry.name]
        late = now - self._planned[entry.name]
        if late >= 0:
            # A multiple of the interval after the first call, so that nothing drifts. Missed calls are not repeated.
            self._planned[entry.name] += entry.interval * (floor(late / entry.interval) + 1)

    def _loop(self) -> None:
        while not self._stopped:
            self.run_due()
            with self._condition:
                if not self._stopped:
                    seconds = self._following() - self._now()
                    self._condition.wait(min(max(seconds, _SHORTEST_SLEEP), _LONGEST_SLEEP))

    def _now(self) -> float:
        return self._clock().timestamp()


def _first(entry: Entry) -> float:
    return entry.interval if entry.first_after is None else entry.first_after
