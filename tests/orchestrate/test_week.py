"""Weeks of schedules of triggers and crawlers with changes and clock jumps, compared with a plain reading of each minute.

https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html
"""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from glue_local import crawler_runs, work
from glue_local.crawler_runs.crawl import OFFER
from glue_local.orchestrate.loop import advance

from .conftest import World

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
ACTIONS = ("change", "change", "stop", "start", "delete", "jump", "jump", "back")
LATE = 300  # seconds after which a missed time is skipped


@dataclass(frozen=True)
class Cron:
    """A cron expression with lists of numbers; an empty list is ``*``. ``days`` are days of the month, or else weekdays."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    def __str__(self) -> str:
        text = lambda numbers: ",".join(map(str, numbers)) or "*"  # noqa: E731
        days = "?" if self.weekdays else text(self.days)
        weekdays = ",".join(WEEKDAYS[day] for day in self.weekdays) or "?"
        return f"cron({text(self.minutes)} {text(self.hours)} {days} {text(self.months)} {weekdays} *)"

    def matches(self, instant: float, anchor: float) -> bool:
        at = datetime.fromtimestamp(instant, timezone.utc)
        return at.second == 0 and all(
            not allowed or value in allowed
            for allowed, value in (
                (self.minutes, at.minute),
                (self.hours, at.hour),
                (self.days, at.day),
                (self.weekdays, at.weekday()),
                (self.months, at.month),
            )
        )


@dataclass(frozen=True)
class Rate:
    """A rate expression in minutes, hours or days."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"rate({self.count} {self.unit}{'' if self.count == 1 else 's'})"

    def matches(self, instant: float, anchor: float) -> bool:
        seconds = self.count * {"minute": 60, "hour": 3600, "day": 86_400}[self.unit]
        return instant > anchor and (instant - anchor) % seconds == 0


def draw(chance: random.Random, kind: str) -> Cron | Rate:
    """Draw an expression; crawlers have no rates."""
    if kind == "trigger" and chance.random() < 0.4:
        return Rate(chance.randint(1, 3), "day") if chance.random() < 0.3 else Rate(chance.randint(1, 12), "hour")
    minutes = tuple(sorted(chance.sample(range(0, 60, 10), chance.randint(1, 2))))
    hours = tuple(sorted(chance.sample(range(24), chance.randint(1, 3)))) if chance.random() < 0.8 else ()
    days = chance.choice([(), (1, 2, 29, 31), ()])
    weekdays = (
        () if days else tuple(sorted(chance.sample(range(7), chance.randint(1, 4)))) if chance.random() < 0.5 else ()
    )
    return Cron(minutes, hours, days, weekdays, chance.choice([(), (), (), (2, 3, 10)]))


@dataclass
class Scheduled:
    """A trigger or crawler in the model: what it should have started, and until when its times are done."""

    kind: str
    name: str
    expression: Cron | Rate
    anchor: float
    done: float
    is_active: bool = True
    is_deleted: bool = False
    started: list[float] = field(default_factory=list)

    def pass_to(self, now: float) -> None:
        """Start for the times up to ``now``: once, and only if the last of them is not too late."""
        if not self.is_active or now <= self.done:
            return
        due = [at for at in minutes_between(self.done, now, self.anchor) if self.expression.matches(at, self.anchor)]
        if due and due[-1] > now - LATE:
            self.started.append(now)
        self.done = now

    def restart(self, now: float) -> None:
        self.anchor = self.done = now


def minutes_between(after: float, until: float, anchor: float) -> list[float]:
    """Return the times after ``after`` that are on a minute, of the clock or from the anchor of a rate."""
    whole = [60.0 * minute for minute in range(int(after // 60), int(until // 60) + 1)]
    return sorted({at for one in whole for at in (one, one + anchor % 60) if after < at <= until})


@pytest.fixture(autouse=True)
def _in_brussels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("glue_local.server._CRAWL_LOOPS", 0)
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Brussels"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


class Week:
    """A server with scheduled triggers and crawlers, and their model."""

    def __init__(self, world: World, chance: random.Random, begin: datetime) -> None:
        self.world, self.chance = world, chance
        world.set(begin)
        self.scheduled = [self._create("trigger", f"t{n}") for n in range(9)]
        self.scheduled += [self._create("crawler", f"c{n}") for n in range(5)]
        # Two that are always due together.
        twin = self._create("trigger", "twin", self.scheduled[0].expression)
        self.scheduled.append(twin)

    @property
    def now(self) -> float:
        return self.world.clock.now.timestamp()

    def _create(self, kind: str, name: str, expression: Cron | Rate | None = None) -> Scheduled:
        made = expression or draw(self.chance, kind)
        glue = self.world.glue
        if kind == "trigger":
            self.world.job(name)
            schedule: Any = {"Type": "SCHEDULED", "Schedule": str(made), "StartOnCreation": True}
            glue.create_trigger(Name=name, Actions=[{"JobName": name}], **schedule)
        else:
            targets = {"S3Targets": [{"Path": "s3://lake/data/"}]}
            glue.create_crawler(Name=name, Role="r", DatabaseName="db", Targets=targets, Schedule=str(made))
        return Scheduled(kind, name, made, self.now, self.now)

    def go_to(self, end: float) -> None:
        """Let the clock run to a time, as the server's loop does: it wakes up at each timer."""
        following = advance(self.world.server.private)
        while following is not None and following <= end:
            self._set(following)
            following = advance(self.world.server.private)
        self._set(end)

    def _set(self, now: float) -> None:
        self.world.set(datetime.fromtimestamp(now, timezone.utc))
        for one in self.scheduled:
            one.pass_to(now)
        private = self.world.server.private
        while claimed := work.claim(private, [crawler_runs.CRAWL], "w", [OFFER]):
            work.begun(private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"])
            ending = work.Ending("COMPLETED")
            work.finish(private, crawler_runs.CRAWL, claimed.work_id, claimed.claim["claim"], ending)

    def act(self, action: str) -> None:
        """Do something to a random trigger or crawler, or to the clock."""
        if action == "jump":
            self._set(self.now + 60 * self.chance.choice([3, 7, 65, 60 * 30]))
        elif action == "back":
            self._set(self.now - 60 * self.chance.choice([1, 61, 60 * 5]))
        else:
            living = [one for one in self.scheduled if not one.is_deleted]
            getattr(self, f"_{action}")(self.chance.choice(living))

    def _change(self, one: Scheduled) -> None:
        expression = draw(self.chance, one.kind)
        if one.kind == "trigger":
            update = {"Schedule": str(expression), "Actions": [{"JobName": one.name}]}
            self.world.glue.update_trigger(Name=one.name, TriggerUpdate=update)
        else:
            self.world.glue.update_crawler_schedule(CrawlerName=one.name, Schedule=str(expression))
        if str(expression) != str(one.expression):
            one.expression = expression
            one.restart(self.now)

    def _stop(self, one: Scheduled) -> None:
        if one.kind == "trigger":
            self.world.glue.stop_trigger(Name=one.name)
        elif one.is_active:
            self.world.glue.stop_crawler_schedule(CrawlerName=one.name)
        one.is_active = False

    def _start(self, one: Scheduled) -> None:
        if one.kind == "trigger":
            self.world.glue.start_trigger(Name=one.name)
        elif not one.is_active:
            self.world.glue.start_crawler_schedule(CrawlerName=one.name)
        if not one.is_active:
            one.is_active = True
            one.restart(self.now)

    def _delete(self, one: Scheduled) -> None:
        if one.kind == "trigger":
            self.world.glue.delete_trigger(Name=one.name)
            one.is_active, one.is_deleted = False, True

    def started(self, one: Scheduled) -> list[float]:
        """Return when the runs or crawls started, the earliest first."""
        if one.kind == "trigger":
            times = [run["StartedOn"] for run in self.world.runs(one.name)]
        else:
            times = [crawl["StartTime"] for crawl in self._crawls(one.name)]
        return sorted(at.timestamp() for at in times)

    def _crawls(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        token: dict[str, str] = {}
        while True:
            answer = self.world.glue.list_crawls(CrawlerName=name, MaxResults=100, **token)
            found += answer["Crawls"]
            if "NextToken" not in answer:
                return found
            token = {"NextToken": answer["NextToken"]}


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(datetime(2026, 3, 25, tzinfo=timezone.utc), id="a short day of daylight saving"),
        pytest.param(datetime(2026, 10, 21, tzinfo=timezone.utc), id="a long day of daylight saving"),
        pytest.param(datetime(2028, 2, 26, 12, tzinfo=timezone.utc), id="a leap day"),
        pytest.param(datetime(2026, 12, 28, tzinfo=timezone.utc), id="a new year"),
    ],
)
@pytest.mark.parametrize("is_disturbed", [False, True], ids=["undisturbed", "disturbed"])
def test_a_week_starts_what_a_plain_reading_of_its_minutes_says(
    world: World, begin: datetime, is_disturbed: bool
) -> None:
    chance = random.Random(f"{begin} {is_disturbed}")
    week = Week(world, chance, begin)
    end = (begin + timedelta(days=7)).timestamp()
    if is_disturbed:
        for at in sorted(chance.uniform(begin.timestamp(), end) for _ in range(40)):
            week.go_to(max(60.0 * (at // 60) + 30, week.now))
            week.act(chance.choice(ACTIONS))
    week.go_to(max(end, week.now))
    for one in week.scheduled:
        assert week.started(one) == sorted(one.started), f"{one.name} {one.expression}"
    assert sum(len(one.started) for one in week.scheduled) > 100
