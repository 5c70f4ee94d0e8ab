"""Athena's two dialects in sqlglot: Hive's for catalog statements, Trino's for queries."""

from typing import Any, ClassVar

from sqlglot.dialects.dialect import Dialect
from sqlglot.dialects.hive import Hive
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.hive import HiveParser
from sqlglot.tokenizer_core import Token, TokenType


class HiveStatements(Hive):
    """Hive's dialect, for statements that sqlglot does not parse."""

    class Tokenizer(Hive.Tokenizer):
        # One token for two words, in a statement that sqlglot does not parse.
        KEYWORDS: ClassVar[dict[str, Any]] = {
            words: kind for words, kind in Hive.Tokenizer.KEYWORDS.items() if words != "MSCK REPAIR"
        }
        # sqlglot tokenizes the rest of SHOW, EXECUTE … as one string; we parse it.
        COMMANDS: ClassVar[set[Any]] = set()
        # 2y is a tinyint in a query, but part of the name in db.2y.
        NUMERIC_LITERALS: ClassVar[dict[str, str]] = {}

    class Parser(HiveParser):
        def _warn_unsupported(self) -> None:
            # Without this, sqlglot logs a warning and returns unparsed text.
            self.raise_error("Unsupported syntax", self._curr)


class TrinoStatements(Trino):
    """Trino's dialect, for finding names and clauses in a query without parsing all of it."""

    class Tokenizer(Trino.Tokenizer):
        KEYWORDS: ClassVar[dict[str, Any]] = {
            words: kind
            for words, kind in Trino.Tokenizer.KEYWORDS.items()
            if not words.startswith(("DEALLOCATE", "DESCRIBE "))
        }
        COMMANDS: ClassVar[set[Any]] = set()


def tokenize(sql: str, dialect: type[Dialect]) -> list[Token]:
    """Return a text's tokens. In Hive, adjacent strings are one: ``'it''s'`` is its."""
    tokens: list[Token] = []
    for token in dialect().tokenize(sql):
        before = tokens[-1] if tokens else None
        both = TokenType.STRING, TokenType.STRING
        if before and (before.token_type, token.token_type) == both and before.end + 1 == token.start:
            tokens[-1] = Token(
                token.token_type,
                before.text + token.text,
                line=before.line,
                col=token.col,
                start=before.start,
                end=token.end,
            )
        else:
            tokens.append(token)
    return tokens
