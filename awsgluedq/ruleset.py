"""A parsed ruleset: rules, composite rules and conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

NULL, EMPTY, WHITESPACES_ONLY = "NULL", "EMPTY", "WHITESPACES_ONLY"
KEYWORDS = (NULL, EMPTY, WHITESPACES_ONLY)


@dataclass(frozen=True)
class Operand:
    """One value of a condition: number, text, keyword, duration, or a moment (now() minus a duration)."""

    kind: Literal["number", "text", "keyword", "duration", "moment"]
    value: str | float
    """The text, keyword or number; seconds for a duration or a moment."""


@dataclass(frozen=True)
class Condition:
    """A DQDL operator with its operands: two for ``between``, any number for ``in``."""

    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Rule:
    """A rule: its text and its parts."""

    text: str
    kind: str
    parameters: tuple[str, ...] = ()
    condition: Condition | None = None
    where: str | None = None
    threshold: Condition | None = None


@dataclass(frozen=True)
class Composite:
    """Rules joined by ``and`` or by ``or``."""

    text: str
    operator: Literal["and", "or"]
    rules: "tuple[Rule | Composite, ...]" = field(default=())


def simple(rule: Rule | Composite) -> Iterator[Rule]:
    """Yield the simple rules of a rule; the rule itself if it is not composite."""
    if isinstance(rule, Rule):
        yield rule
    else:
        for each in rule.rules:
            yield from simple(each)
