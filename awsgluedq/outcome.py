"""The outcome of a rule, as in Glue's result frame."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from awsgluedq.conditions import holds
from awsgluedq.ruleset import Composite, Condition

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """Whether a rule passed, the reason if not, and its metrics."""

    passed: bool
    reason: str | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)


Judge = Callable[[Values], Outcome]


def failed(reason: str) -> Outcome:
    """Return the outcome of a rule that could not be evaluated."""
    return Outcome(False, reason)


def not_met(value: object) -> str:
    """Return Glue's failure reason for a value that does not meet its condition."""
    return f"Value: {value} does not meet the constraint requirement!"


def judged(metric: str, value: float, condition: Condition, *, whole: bool = False) -> Outcome:
    """Return the outcome for a metric and a condition; ``whole`` shows the value as an integer."""
    if holds(condition, value):
        return Outcome(True, None, {metric: value})
    return Outcome(False, not_met(int(value) if whole and value == value else value), {metric: value})


def ratio(part: Any, of: Any) -> float:
    """Return a fraction; NaN, which meets no condition, if the total is 0."""
    return float(part or 0) / float(of) if of else float("nan")


def combined(rule: Composite, outcomes: list[Outcome]) -> Outcome:
    """Return the outcome of a composite rule from the outcomes of its parts."""
    passed = all(each.passed for each in outcomes) if rule.operator == "and" else any(each.passed for each in outcomes)
    metrics = {name: value for each in outcomes for name, value in each.metrics.items()}
    reasons = [each.reason for each in outcomes if each.reason]
    return Outcome(passed, None if passed else " ".join(reasons) or None, metrics)
