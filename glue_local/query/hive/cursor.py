"""Read a statement's tokens from left to right, with Hive's messages for syntax errors."""

from dataclasses import dataclass

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from glue_local.query.failure import QueryFailed
from glue_local.query.hive import failures
from glue_local.query.hive.dialects import tokenize

_LITERALS = (TokenType.STRING, TokenType.IDENTIFIER, TokenType.NUMBER)


@dataclass(frozen=True)
class Name:
    """A table name in a statement, in lower case."""

    table: str
    database: str | None = None
    catalog: str | None = None


class Cursor:
    """The read position in a statement.

    Methods take words in the order of the synopsis in AWS's guide: ``expect("MSCK", "REPAIR", "TABLE")``.
    """

    def __init__(self, sql: str, dialect: type[Dialect]) -> None:
        self.sql = sql
        self.at = 0
        try:
            self.tokens = tokenize(sql, dialect)
        except TokenError:
            raise unreadable(sql) from None
        while self.tokens and self.tokens[-1].token_type is TokenType.SEMICOLON:
            self.tokens.pop()

    def token(self, ahead: int = 0) -> Token | None:
        """Return the token ``ahead`` positions after the next one, None after the end."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def word(self, ahead: int = 0) -> str:
        """Return that token's unquoted word or sign in upper case, empty for a literal and after the end."""
        token = self.token(ahead)
        return "" if token is None or token.token_type in _LITERALS else token.text.upper()

    def reads(self, *words: str) -> bool:
        """Return whether these words come next."""
        return all(self.word(ahead) == word for ahead, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Consume these words if they come next; return whether they did."""
        if not self.reads(*words):
            return False
        self.at += len(words)
        return True

    def accept_any(self, *words: str) -> str:
        """Consume and return one of these words if it comes next, else return an empty string."""
        found = self.word() if self.word() in words else ""
        self.at += bool(found)
        return found

    def expect(self, *words: str) -> None:
        """Consume these words. Raises QueryFailed if others come next."""
        for word in words:
            if not self.accept(word):
                raise self.mismatched(word)

    def name(self, *, double_quotes: bool = False) -> str:
        """Consume one identifier and return it in lower case; ``double_quotes`` allows Trino's quotes."""
        token = self.token()
        if token is None or not (self._is_name(token) or (double_quotes and self._spelled(token).startswith('"'))):
            raise self.unrecognized()
        self.at += 1
        return token.text.lower()

    def table(self, *, double_quotes: bool = False) -> Name:
        """Consume ``[[catalog.]database.]table``."""
        parts = [self.name(double_quotes=double_quotes)]
        while self.accept("."):
            parts.append(self.name(double_quotes=double_quotes))
        if len(parts) > 3:
            raise self.unrecognized()
        return Name(*reversed(parts))

    def string(self) -> str:
        """Consume a string literal."""
        token = self.token()
        if token is None or token.token_type is not TokenType.STRING:
            raise self.unrecognized()
        self.at += 1
        return token.text

    def is_string(self) -> bool:
        """Return whether a string literal comes next."""
        token = self.token()
        return token is not None and token.token_type is TokenType.STRING

    def literal(self) -> str:
        """Consume a string, ``DATE '…'`` or a signed number, and return its text."""
        self.at += self.word() in ("DATE", "TIMESTAMP")
        token = self.token()
        if token is not None and token.token_type is TokenType.STRING:
            return self.string()
        sign = "-" if self.accept("-") else ""
        token = self.token()
        if token is None or not (
            token.token_type is TokenType.NUMBER or token.text.upper() in ("TRUE", "FALSE", "NULL")
        ):
            raise self.unrecognized()
        self.at += 1
        return sign + token.text

    def parenthesized(self) -> tuple[int, int]:
        """Consume ``( … )``; return the start and end of its content in the text."""
        opening = self.token()
        self.expect("(")
        depth = 1
        while depth:
            token = self.token()
            if token is None:
                raise self.mismatched(")")
            depth += {"(": 1, ")": -1}.get(self.word(), 0)
            self.at += 1
        assert opening is not None
        return opening.end + 1, self.tokens[self.at - 1].start

    def rest(self) -> str:
        """Consume the rest and return its text."""
        token = self.token()
        self.at = len(self.tokens)
        return "" if token is None else self.sql[token.start : self.tokens[-1].end + 1]

    def end(self) -> None:
        """Check that no tokens remain. Raises QueryFailed."""
        if self.token() is not None:
            line, column = self._place()
            raise failures.parse(line, column, f"missing EOF at {self._near(0)} near {self._near(-1)}")

    def mismatched(self, wanted: str) -> QueryFailed:
        """Return the failure for another word than ``wanted``."""
        line, column = self._place()
        return failures.parse(
            line, column, f"mismatched input {self._near(0)} expecting {wanted} near {self._near(-1)}"
        )

    def unrecognized(self) -> QueryFailed:
        """Return the failure for an unrecognized word."""
        line, column = self._place()
        near = " ".join(self._near(ahead) for ahead in range(3))
        return failures.parse(line, column, f"cannot recognize input near {near}")

    def _is_name(self, token: Token) -> bool:
        if token.token_type is TokenType.IDENTIFIER:
            return True
        return token.token_type is not TokenType.STRING and token.text.replace("_", "a").isalnum()

    def _spelled(self, token: Token) -> str:
        return self.sql[token.start : token.end + 1]

    def _near(self, ahead: int) -> str:
        token = self.token(ahead) if self.at + ahead >= 0 else None
        return "'<EOF>'" if token is None else f"'{self._spelled(token)}'"

    def _place(self) -> tuple[int, int]:
        token = self.token() or (self.tokens[-1] if self.tokens else None)
        if token is None:
            return 1, 0
        before = self.sql[: token.start if self.token() else token.end + 1]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)


def unreadable(sql: str) -> QueryFailed:
    """Return the failure for an unterminated string or comment."""
    return failures.parse(
        1, 0, f"cannot recognize input near '{sql.split(None, 1)[0]}': a string or a comment does not end"
    )
