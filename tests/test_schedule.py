"""The schedule loop, with a clock that the test sets; only the thread is tested in real time."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from glue_local.core.clock import system_clock
from glue_local.schedule import Entry, Schedule

START = datetime(2026, 3, 28, 12, tzinfo=timezone.utc)
ZERO = START.timestamp()


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now

    def at(self, seconds: float) -> None:
        self.now = START + timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def recorder(calls: list[float], wake: float | None = None) -> Callable[[float], float | None]:
    def call(now: float) -> float | None:
        calls.append(now - ZERO)
        return None if wake is None else ZERO + wake

    return call


def run(schedule: Schedule, clock: Clock, *seconds: float) -> float:
    """Run what is due at these seconds; return the second at which the next entry is due."""
    for second in seconds:
        clock.at(second)
        following = schedule.run_due()
    return following - ZERO


def test_entries_are_called_at_their_own_intervals(clock: Clock) -> None:
    often: list[float] = []
    seldom: list[float] = []
    entries = [Entry("often", 1, recorder(often)), Entry("seldom", 3, recorder(seldom), first_after=0)]
    schedule = Schedule(entries, clock)
    assert run(schedule, clock, 0, 1, 2, 3, 4) == 5
    assert often == [1, 2, 3, 4]
    assert seldom == [0, 3]


def test_late_calls_do_not_cause_drift(clock: Clock) -> None:
    calls: list[float] = []
    schedule = Schedule([Entry("e", 10, recorder(calls))], clock)
    assert run(schedule, clock, 10.7, 20.9, 29.9, 30.2) == 40
    assert calls == pytest.approx([10.7, 20.9, 30.2])


def test_missed_calls_are_not_repeated(clock: Clock) -> None:
    calls: list[float] = []
    schedule = Schedule([Entry("e", 10, recorder(calls))], clock)
    assert run(schedule, clock, 3600, 3601) == 3610
    assert calls == [3600]


def test_a_failure_is_logged_and_does_not_stop_other_entries(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    calls: list[float] = []

    def fail(now: float) -> None:
        raise ValueError(f"at {now - ZERO:g}")

    schedule = Schedule([Entry("failing", 1, fail), Entry("well", 1, recorder(calls))], clock)
    run(schedule, clock, 1, 2)
    assert calls == [1, 2]
    logged = capsys.readouterr().err
    assert logged.count("glue-local schedule: failing failed") == 2
    assert "ValueError: at 1" in logged


def test_an_entry_may_ask_for_an_earlier_call(clock: Clock) -> None:
    calls: list[float] = []
    schedule = Schedule([Entry("e", 60, recorder(calls, wake=75.5))], clock)
    assert run(schedule, clock, 60) == 75.5
    run(schedule, clock, 75.4, 75.5)
    assert calls == [60, 75.5]


def test_an_entry_is_woken_at_the_earliest_requested_time(clock: Clock) -> None:
    calls: list[float] = []
    schedule = Schedule([Entry("e", 60, recorder(calls))], clock)
    for instant in (30, 20, 40):
        schedule.wake("e", ZERO + instant)
    assert run(schedule, clock, 19, 20, 21) == 60
    schedule.wake("e")
    run(schedule, clock, 22, 60)
    assert calls == [20, 22, 60]


def test_entries_continue_after_the_clock_is_set_back(clock: Clock) -> None:
    calls: list[float] = []
    schedule = Schedule([Entry("e", 10, recorder(calls))], clock)
    run(schedule, clock, 10)
    assert run(schedule, clock, -3600) == -3590
    run(schedule, clock, -3590)
    assert calls == [10, -3590]


def test_a_weeks_calls_are_fast(clock: Clock) -> None:
    calls: list[float] = []
    schedule = Schedule([Entry("hourly", 3600, recorder(calls))], clock)
    following = 0.0
    while following <= 7 * 24 * 3600:
        following = run(schedule, clock, following)
    assert len(calls) == 7 * 24


def test_the_thread_calls_a_woken_entry_and_ends(clock: Clock) -> None:
    called, callers = threading.Event(), list[threading.Thread]()

    def call(now: float) -> None:
        callers.append(threading.current_thread())
        called.set()

    with Schedule([Entry("e", 3600, call)], system_clock) as schedule:
        schedule.wake("e")
        assert called.wait(10)
    # Servers of other tests in this process have schedules, too.
    assert not callers[0].is_alive()


def test_a_schedule_may_be_empty(clock: Clock) -> None:
    with Schedule([], clock) as schedule:
        assert schedule.run_due() == float("inf")
