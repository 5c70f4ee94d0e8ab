"""Predicates of conditional triggers: conditions on jobs and crawlers that have ended."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from glue_local.store import Document, kinds

CRAWLER = kinds.CRAWLER


class Predecessor(NamedTuple):
    """A job or crawler (``kinds.JOB``, ``CRAWLER``), and its final state or the state that a condition requires."""

    kind: str
    name: str
    state: str


def predecessors(trigger: Document) -> list[Predecessor]:
    """Return the conditions of a trigger, empty if it is not conditional."""
    return [_predecessor(condition) for condition in trigger.get("Predicate", {}).get("Conditions", [])]


def is_met(trigger: Document, ended: Collection[Predecessor]) -> bool:
    """Return whether the jobs and crawlers that have ended meet a trigger's predicate: all conditions or, with ANY, one."""
    met: Iterable[bool] = (wanted in ended for wanted in predecessors(trigger))
    return any(met) if trigger["Predicate"].get("Logical") == "ANY" else all(met)


def targets(trigger: Document) -> list[tuple[str, str]]:
    """Return the kind and name of what each action of a trigger starts."""
    return [target(action) for action in trigger["Actions"]]


def target(action: Document) -> tuple[str, str]:
    """Return the kind and name of what an action starts."""
    return (kinds.JOB, action["JobName"]) if "JobName" in action else (CRAWLER, action["CrawlerName"])


def _predecessor(condition: Document) -> Predecessor:
    if "JobName" in condition:
        return Predecessor(kinds.JOB, condition["JobName"], condition["State"])
    return Predecessor(CRAWLER, condition["CrawlerName"], condition["CrawlState"])
