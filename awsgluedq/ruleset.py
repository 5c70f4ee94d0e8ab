"""What a ruleset says, parsed: rules, composite rules, and the conditions they hold values against."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

NULL, EMPTY, WHITESPACES_ONLY = "NULL", "EMPTY", "WHITESPACES_ONLY"
KEYWORDS = (NULL, EMPTY, WHITESPACES_ONLY)


@dataclass(frozen=True)
class Operand:
    """One value of a condition: a number, a text, a keyword, a duration or the present less a duration."""

    kind: Literal["number", "text", "keyword", "duration", "moment"]
    value: str | float
    """The text or keyword; of a number its value, of a duration and a moment the seconds."""


@dataclass(frozen=True)
class Condition:
    """An operator of DQDL with its operands: ``between`` has two, ``in`` any number."""

    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Rule:
    """One rule as written, and its parts."""

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
    """Yield the rules that a rule is made of, itself if it is not composite."""
    if isinstance(rule, Rule):
        yield rule
    else:
        for each in rule.rules:
            yield from simple(each)
