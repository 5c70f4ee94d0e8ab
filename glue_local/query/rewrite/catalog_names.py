"""Replace Athena's names of the account's catalog with Trino's."""

from collections.abc import Iterator

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from glue_local.query.catalog_names import ARN, is_foreign, trino_catalog
from glue_local.query.hive import failures
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.session import CATALOG, Session
from glue_local.query.trino_text import quoted

# A table name follows these words; elsewhere alias.struct.field may look like one.
_BEFORE_TABLES = ("FROM", "JOIN", "INTO", "TABLE", "UPDATE", "VIEW", "EXISTS", "USING", "DESCRIBE", "ONLY", "(", ",")


def rewrite_catalog_names(sql: str, session: Session) -> str:
    """Replace the catalog in ``catalog.database.table``: the account's id or ARN, or a registered name. Raises QueryFailed."""
    if not any(name in sql.lower() for name in _respelled(session)):
        return sql
    try:
        tokens = TrinoStatements().tokenize(sql)
    except TokenError:
        return sql  # the engine reports the error with its position
    pieces, end = [], 0
    for token, name in _catalogs(tokens, session):
        pieces += [sql[end : token.start], name]
        end = token.end + 1
    return "".join([*pieces, sql[end:]])


def _respelled(session: Session) -> list[str]:
    """Return the catalog names, in lower case, that Trino does not have; it accepts awsdatacatalog in any case."""
    own = [] if session.catalog == CATALOG else [CATALOG]
    return [*own, session.account, ARN, *session.catalogs]


def _catalogs(tokens: list[Token], session: Session) -> Iterator[tuple[Token, str]]:
    for at, token in enumerate(tokens):
        following = tokens[at + 1 : at + 4]
        kinds = [each.token_type for each in following]
        if len(kinds) < 3 or (kinds[0], kinds[2]) != (TokenType.DOT, TokenType.DOT):
            continue
        before = tokens[at - 1] if at else None
        if token.token_type is TokenType.STRING or (before is not None and before.token_type is TokenType.DOT):
            continue
        if is_foreign(token.text, session):
            raise failures.not_implemented(f"catalog {token.text}", "only the account's own catalog is emulated")
        name = trino_catalog(token.text, session)
        is_table = before is not None and before.text.upper() in _BEFORE_TABLES
        if name is not None and name != token.text.lower() and (is_table or token.text.lower() == CATALOG):
            yield token, quoted(name)
