"""Statements that Athena adds to Trino, one file each; statements.py lists them in order."""

from types import ModuleType

from botocore.exceptions import ClientError
from sqlglot.dialects.dialect import Dialect

from glue_local.query.ddl.refused import HIVES_WORDS, refuse, refuse_other_forms
from glue_local.query.ddl.statements import STATEMENTS
from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor, unreadable
from glue_local.query.hive.dialects import HiveStatements, TrinoStatements
from glue_local.query.hive.opening import first_word, opens
from glue_local.query.rewrite import rewrite
from glue_local.query.rewrite.one_statement import only_statement
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

__all__ = ["carry_out", "rewrite"]

# Queries may be long, so they are not searched for these statements.
ENGINES_OWN = ("SELECT", "WITH", "VALUES", "TABLE", "DELETE", "UPDATE", "MERGE", "EXPLAIN", "(")


def carry_out(sql: str, session: Session) -> Outcome | None:
    """Execute a statement that Athena adds to Trino; return None if the engine must run it. Raises QueryFailed."""
    text = only_statement(sql)
    if first_word(text) in ENGINES_OWN:
        return None
    cursors = {dialect: _cursor(text, dialect) for dialect in (HiveStatements, TrinoStatements)}
    lexed = next((cursor for cursor in cursors.values() if cursor is not None), None)
    if lexed is None and first_word(text) in HIVES_WORDS:
        raise unreadable(text)
    if lexed is not None:
        refuse(lexed)
    for statement in STATEMENTS:
        cursor = cursors[getattr(statement, "DIALECT", HiveStatements)]
        if cursor is not None and opens(cursor, statement.OPENING):
            return _carried_out(statement, cursor, session)
    if lexed is not None:
        refuse_other_forms(lexed)
    return None  # the engine reports any error


def _carried_out(statement: ModuleType, cursor: Cursor, session: Session) -> Outcome | None:
    try:
        outcome: Outcome | None = statement.carry_out(cursor, session)
    except ClientError as error:
        raise glue_catalog.refused(error) from None
    return outcome


def _cursor(sql: str, dialect: type[Dialect]) -> Cursor | None:
    try:
        return Cursor(sql, dialect)
    except QueryFailed:
        return None  # a string of one dialect may be unterminated in the other
