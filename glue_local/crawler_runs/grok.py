"""Grok patterns as regular expressions.

https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-grok
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from glue_local.core.faults import Invalid
from glue_local.crawler_runs.grok_patterns import PATTERNS

_REFERENCE = re.compile(r"%\{(\w+)(?::([\w.@-]+))?(?::(\w+))?\}")
# A parenthesis in a class or after a backslash, as in [(] and \(, does not open a group.
_GROUPS = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<(?![=!])[^>]+>|\((?!\?))")
_NAMED = re.compile(r"\(\?<([^>]+)>")
_DEEPEST = 50
_LONGEST = 200_000  # characters of the regular expression: references can multiply
_TYPES = {
    "byte": "tinyint",
    "boolean": "boolean",
    "double": "double",
    "short": "smallint",
    "int": "int",
    "long": "bigint",
    "float": "float",
    "string": "string",
}


@dataclass(frozen=True)
class Grok:
    """A Grok pattern for one line: the regular expression of the package ``regex``, and its columns with their types."""

    regex: str
    columns: dict[str, str]


@dataclass
class _Expansion:
    known: Mapping[str, str]
    types: dict[str, str] = field(default_factory=dict)
    length: int = 0

    def of(self, text: str, depth: int = 0) -> str:
        """Return a pattern without references. Raises Invalid for undefined and endless ones."""
        if depth > _DEEPEST:
            raise Invalid("The grok pattern refers to itself.")
        expanded = _REFERENCE.sub(lambda found: self._one(found, depth), text)
        if len(expanded) > _LONGEST:
            raise Invalid("The grok pattern is too long after its references have been resolved.")
        return expanded

    def _one(self, found: "re.Match[str]", depth: int) -> str:
        pattern, name, kind = found[1], found[2], found[3]
        if pattern not in self.known:
            raise Invalid(f"The grok pattern {pattern} is not defined: define it in CustomPatterns.")
        if kind and kind not in _TYPES:
            raise Invalid(f"The grok pattern has the unknown data type {kind}: use {', '.join(_TYPES)}.")
        inner = self.of(self.known[pattern], depth + 1)
        if not name:
            return f"(?:{inner})"
        self.types.setdefault(name, _TYPES[kind] if kind else "string")
        return f"(?<{name}>{inner})"


def parse_grok(pattern: str, custom: str = "") -> Grok:
    """Return a Grok pattern; ``custom`` has one definition a line. Raises Invalid."""
    expansion = _Expansion({**PATTERNS, **_defined(custom)})
    pieces, names = [], []
    for piece in _GROUPS.split(expansion.of(pattern)):
        named = _NAMED.fullmatch(piece)
        names += [named[1]] if named else []
        # Not named: a name may occur in several alternatives, and may have characters that Python refuses.
        pieces.append("(" if named else "(?:" if piece == "(" else piece)
    if not names:
        raise Invalid("The grok pattern has no field: name one with %{PATTERN:name}.")
    columns = {name: expansion.types.get(name, "string") for name in dict.fromkeys(names)}
    return Grok("".join(pieces), columns)


def _defined(custom: str) -> dict[str, str]:
    definitions = {}
    for line in (line.strip() for line in custom.splitlines()):
        if line and not line.startswith("#"):
            name, *rest = line.split(None, 1)
            if not rest:
                raise Invalid(f"CustomPatterns has the line {line!r}: write NAME and the pattern.")
            definitions[name] = rest[0]
    return definitions
