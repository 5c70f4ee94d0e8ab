"""The tokens of a partition expression."""

import re
from typing import NamedTuple

from glue_local.core.faults import Invalid

_TOKEN = re.compile(
    r"""\s*(?:(?P<literal>'(?:[^']|'')*'|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w))
    |(?P<quoted>"[^"]+"|`[^`]+`)|(?P<word>\w+)|(?P<symbol><>|!=|<=|>=|[=<>(),]))""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """One token: its kind (literal, quoted, word, symbol or end) and its text without quotes."""

    kind: str
    text: str

    def is_word(self, *words: str) -> bool:
        """Tell whether this is one of the given (upper-case) keywords or symbols."""
        return self.kind in ("word", "symbol") and self.text.upper() in words


def tokens(expression: str) -> list[Token]:
    """Split an expression into tokens and a final ``end``; raises Invalid at text that is not a token."""
    found, position, text = [], 0, expression.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Invalid(f"Invalid partition expression at '{text[position:]}'")
        found.append(_token(str(match.lastgroup), match[str(match.lastgroup)]))
        position = match.end()
    return [*found, Token("end", "")]


def _token(kind: str, text: str) -> Token:
    if kind == "quoted":
        return Token(kind, text[1:-1])
    if text.startswith("'"):
        return Token(kind, text[1:-1].replace("''", "'"))
    return Token(kind, text)
