"""DQDL cut into words, numbers, texts and signs.

Page: https://docs.aws.amazon.com/glue/latest/dg/dqdl.html
"""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n]*|//[^\n]*)
  | (?P<text>"(?:[^"\\]|\\.)*")
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
  | (?P<constant>\$[A-Za-z_]\w*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign>!=|>=|<=|[=<>()\[\],+*/-])
    """,
    re.VERBOSE,
)


class BadRuleset(ValueError):
    """A ruleset that is not DQDL; the message names the line."""


class Token(NamedTuple):
    """A piece of the source: its kind, its value (a text without its quotes), and where it is."""

    kind: str
    value: str
    start: int
    end: int

    def says(self, *words: str) -> bool:
        """Tell whether it is one of these words or signs; DQDL's own words may be in upper case."""
        return self.kind in ("word", "sign") and self.value.lower() in words


def tokens(source: str) -> list[Token]:
    """Return the tokens of a ruleset, ``end`` at last; raises BadRuleset for what is none."""
    found, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise error(source, at, f"cannot read {source[at : at + 20]!r}")
        kind, value = str(match.lastgroup), match.group()
        if kind == "text":
            # Only a quote is escaped for DQDL's sake; a regular expression's backslashes are its own.
            value = value[1:-1].replace('\\"', '"')
        if kind != "space":
            found.append(Token(kind, value, match.start(), match.end()))
        at = match.end()
    return [*found, Token("end", "", len(source), len(source))]


def error(source: str, at: int, message: str) -> BadRuleset:
    """Return the error that names the line of a place in the source."""
    return BadRuleset(f"DQDL, line {source.count(chr(10), 0, at) + 1}: {message}")


def collapsed(source: str) -> str:
    """Return a rule's text as Glue shows it: one space where there are several or a comment, but for those in texts."""
    return "".join(
        " " if match.lastgroup == "space" else match.group() for match in _TOKEN.finditer(source.strip())
    ).strip()
