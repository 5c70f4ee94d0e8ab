"""A small model of AWS's rules for workflow runs, and random workflows for it. It shares no code with ``glue_local``.

https://docs.aws.amazon.com/glue/latest/dg/about-triggers.html
https://docs.aws.amazon.com/glue/latest/dg/workflows_overview.html
https://docs.aws.amazon.com/glue/latest/dg/resuming-workflow.html
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

JOB_STATES = ("SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED")
CRAWL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")
COUNTERS = {
    "SUCCEEDED": "SucceededActions",
    "FAILED": "FailedActions",
    "TIMEOUT": "TimeoutActions",
    "STOPPED": "StoppedActions",
    "CANCELLED": "StoppedActions",
    "ERROR": "ErroredActions",
    "RUNNING": "RunningActions",
}
START = "start"


@dataclass
class Trigger:
    """A trigger. Jobs have names that begin with ``j``, crawlers with ``c``."""

    name: str
    actions: list[str]
    conditions: list[tuple[str, str]] = field(default_factory=list)
    is_any: bool = False
    active: bool = True


@dataclass
class Design:
    """A random workflow and what happens to its jobs and crawlers."""

    jobs: list[str]
    crawlers: list[str]
    triggers: list[Trigger]
    """The first one is the start trigger."""
    deleted: set[str]
    limited: set[str]
    """Jobs with MaxConcurrentRuns 1; the others have no effective limit."""
    retried: set[str]
    """Jobs with MaxRetries 1."""

    def edges(self) -> set[tuple[str, str]]:
        """Return the edges of the graph, by name."""
        waited = {(name, trigger.name) for trigger in self.triggers for name, _ in trigger.conditions}
        return waited | {(trigger.name, name) for trigger in self.triggers for name in trigger.actions}

    def below(self, names: Iterable[str]) -> set[str]:
        """Return the names of what depends on some jobs and crawlers."""
        found: set[str] = set()
        frontier = set(names)
        while frontier:
            frontier = {to for source, to in self.edges() if source in frontier} - found
            found |= frontier
        return found


def states_of(name: str) -> tuple[str, ...]:
    """Return the final states in which a job or crawler can end."""
    return JOB_STATES if name.startswith("j") else CRAWL_STATES


def outcome(chance: random.Random, name: str) -> str:
    """Draw a final state; every second run succeeds."""
    return chance.choice(["SUCCEEDED", "SUCCEEDED", *states_of(name)])


def draw(chance: random.Random) -> Design:
    """Draw a workflow."""
    jobs = [f"j{number}" for number in range(chance.randint(2, 5))]
    crawlers = [f"c{number}" for number in range(chance.randint(0, 3))]
    names = jobs + crawlers
    triggers = [Trigger(START, _actions(chance, names))]
    for number in range(chance.randint(1, 7)):
        watched = chance.sample(names, chance.randint(1, min(3, len(names) - 1)))
        conditions = [(name, outcome(chance, name)) for name in watched]
        actions = _actions(chance, [name for name in names if name not in watched])
        triggers.append(Trigger(f"t{number}", actions, conditions, chance.random() < 0.5, chance.random() < 0.9))
    some = lambda part, of: {name for name in of if chance.random() < part}  # noqa: E731
    limited = some(0.2, jobs)
    return Design(jobs, crawlers, triggers, some(0.1, names), limited, some(0.2, jobs) - limited)


def _actions(chance: random.Random, names: list[str]) -> list[str]:
    """Draw what a trigger starts: at most two crawlers, as AWS allows."""
    chosen = chance.sample(names, chance.randint(1, len(names)))
    crawlers = [name for name in chosen if name.startswith("c")]
    return [name for name in chosen if name not in crawlers[2:]]


@dataclass
class Action:
    """What a trigger has started: the states of its attempts, of which all but the last have ended."""

    trigger: str
    name: str
    attempts: list[str]

    @property
    def state(self) -> str:
        return self.attempts[-1]


@dataclass
class Model:
    """A workflow run as AWS's rules have it."""

    design: Design
    actions: list[Action] = field(default_factory=list)
    fired: set[str] = field(default_factory=set)
    stopped: bool = False

    def fire(self, trigger: Trigger) -> None:
        """Start the actions of a trigger, which fires once in a run."""
        self.fired.add(trigger.name)
        for name in trigger.actions:
            self.start(trigger.name, name)

    def start(self, trigger: str, name: str) -> None:
        """Start a job or crawler. A crawler, and a job with a limit of 1, cannot run twice at the same time."""
        is_exclusive = name in self.design.limited or name in self.design.crawlers
        if name in self.design.deleted:
            state = "ERROR"
        elif is_exclusive and any(one.name == name and one.state == "RUNNING" for one in self.actions):
            state = "FAILED"
        else:
            state = "RUNNING"
        self.actions.append(Action(trigger, name, [state]))

    def end(self, name: str, trigger: str | None, attempt: int, state: str) -> None:
        """End a run of a job, or a crawl (without ``trigger``). A failed job is tried again once if it is among ``retried``."""
        one = next(
            one
            for one in self.actions
            if (one.name, one.state, len(one.attempts)) == (name, "RUNNING", attempt) and trigger in (one.trigger, None)
        )
        one.attempts[-1] = state
        if state == "FAILED" and name in self.design.retried and len(one.attempts) == 1:
            one.attempts.append("RUNNING")
        self.settle()

    def stop(self) -> None:
        """Stop the workflow run before a worker has taken any of its runs."""
        self.stopped = True
        for one in self.actions:
            if one.state == "RUNNING":
                one.attempts[-1] = "STOPPED" if one.name in self.design.jobs else "CANCELLED"

    def settle(self) -> None:
        """Fire the triggers whose predicates are met; what they start may end immediately and fire others."""
        while not self.stopped and (ready := [trigger for trigger in self.design.triggers if self._is_ready(trigger)]):
            self.fire(ready[0])

    def _is_ready(self, trigger: Trigger) -> bool:
        ended = {(one.name, one.state) for one in self.actions}
        met = [condition in ended for condition in trigger.conditions]
        is_met = any(met) if trigger.is_any else all(met)
        return bool(met) and is_met and trigger.active and trigger.name not in self.fired

    @property
    def status(self) -> str:
        if any(one.state == "RUNNING" for one in self.actions):
            return "RUNNING"
        return "STOPPED" if self.stopped else "COMPLETED"

    def runs(self) -> Counter[tuple[str, str]]:
        """Return the number of job runs and crawls by name and state."""
        return Counter((one.name, state) for one in self.actions for state in one.attempts)

    def started_by(self) -> Counter[tuple[str, str]]:
        """Return the number of job runs by trigger and job."""
        jobs = [one for one in self.actions if one.name in self.design.jobs]
        return Counter((one.trigger, one.name) for one in jobs for _ in one.attempts)

    def statistics(self) -> dict[str, int]:
        counted = Counter(COUNTERS[one.state] for one in self.actions)
        total = sum(len(trigger.actions) for trigger in self.design.triggers)
        return {"TotalActions": total, "WaitingActions": 0, **{name: counted[name] for name in COUNTERS.values()}}

    def resumed(self, chosen: set[str]) -> "tuple[Model, set[str]]":
        """Return the run that resumes this one from some jobs and crawlers, and those that it starts.

        What depends on them is started by its triggers; everything else is copied.
        """
        below = self.design.below(chosen)
        first = chosen - below or chosen
        again = first | self.design.below(first) | below
        model = Model(self.design, [one for one in self.actions if one.name not in again], self.fired - again)
        for one in self.actions:
            if one.name in first:
                model.start(one.trigger, one.name)
        return model, first
