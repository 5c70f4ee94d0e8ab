"""Tokenize DQDL into words, numbers, texts and signs.

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
    """The ruleset is not valid DQDL; the message has the line number."""


class Token(NamedTuple):
    """A token: its kind, its value (a text without quotes) and its position."""

    kind: str
    value: str
    start: int
    end: int

    def says(self, *words: str) -> bool:
        """Return whether the token is one of these words or signs; case does not matter."""
        return self.kind in ("word", "sign") and self.value.lower() in words


def tokens(source: str) -> list[Token]:
    """Return the tokens of a ruleset, with ``end`` last; raises BadRuleset for an invalid character."""
    found, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise error(source, at, f"unexpected {source[at : at + 20]!r}")
        kind, value = str(match.lastgroup), match.group()
        if kind == "text":
            # DQDL escapes only the quote; other backslashes belong to a regular expression.
            value = value[1:-1].replace('\\"', '"')
        if kind != "space":
            found.append(Token(kind, value, match.start(), match.end()))
        at = match.end()
    return [*found, Token("end", "", len(source), len(source))]


def error(source: str, at: int, message: str) -> BadRuleset:
    """Return an error with the line number of a position in the source."""
    return BadRuleset(f"DQDL, line {source.count(chr(10), 0, at) + 1}: {message}")


def collapsed(source: str) -> str:
    """Return a rule's text as Glue shows it: comments and repeated spaces outside strings become one space."""
    return "".join(
        " " if match.lastgroup == "space" else match.group() for match in _TOKEN.finditer(source.strip())
    ).strip()
