"""Check that a text is one statement, and remove the trailing semicolon, which Trino does not accept."""

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from glue_local.query.failure import QueryFailed
from glue_local.query.hive.dialects import HiveStatements, TrinoStatements
from glue_local.query.hive.opening import first_word
from glue_local.query.session import Session


def only_statement(sql: str, session: Session | None = None) -> str:
    """Return the text without semicolons at its end. Raises QueryFailed for several statements."""
    if ";" not in sql and first_word(sql):
        return sql.rstrip()
    tokens = _tokens(sql)
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        last = tokens.pop()
        sql = sql[: last.start] + " " + sql[last.end + 1 :]
    if any(token.token_type is TokenType.SEMICOLON for token in tokens):
        raise QueryFailed(f"Only one sql statement is allowed. Got: {sql}")
    if not tokens:
        raise QueryFailed("line 1:1: The query is empty: it only has comments and whitespace")
    return sql.rstrip()


def _tokens(sql: str) -> list[Token]:
    # Backslashes escape quotes in Hive's strings but not in Trino's; the text may be either.
    dialects: tuple[type[Dialect], ...] = (TrinoStatements, HiveStatements)
    for dialect in dialects:
        try:
            return dialect().tokenize(sql)
        except TokenError:
            continue
    return [Token(TokenType.UNKNOWN, sql)]
