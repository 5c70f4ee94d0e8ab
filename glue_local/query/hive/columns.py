"""Columns of statements: ``(name type [COMMENT 'text'], …)``."""

from typing import Any

from sqlglot import exp
from sqlglot.errors import ParseError

from glue_local.query.failure import QueryFailed
from glue_local.query.hive import failures, types
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import HiveStatements, tokenize

Column = dict[str, Any]
"""Glue's Column: Name, Type, and Comment if the statement has one."""

_OPENING = "CREATE TABLE t ("


def parse_create(sql: str) -> exp.Create:
    """Parse one Hive CREATE TABLE statement."""
    try:
        parsed = _parsed(sql)
    except ParseError as error:
        raise _failure(sql, error) from None
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Create):
        raise Cursor(sql, HiveStatements).unrecognized()
    return parsed[0]


def parse_columns(cursor: Cursor) -> list[Column]:
    """Consume ``(name type [COMMENT 'text'], …)``."""
    return _parse(cursor, *cursor.parenthesized())


def parse_column(cursor: Cursor) -> Column:
    """Consume ``name type [COMMENT 'text']``, up to FIRST, AFTER or the end."""
    first = cursor.token()
    if first is None:
        raise cursor.unrecognized()
    cursor.name()
    while cursor.token() is not None and cursor.word() not in ("FIRST", "AFTER"):
        cursor.at += 1
    found = _parse(cursor, first.start, cursor.tokens[cursor.at - 1].end + 1)
    if len(found) != 1:
        raise cursor.unrecognized()
    return found[0]


def _parse(cursor: Cursor, start: int, end: int) -> list[Column]:
    # sqlglot only parses column lists in CREATE TABLE.
    text = f"{_OPENING}{cursor.sql[start:end]})"
    try:
        create = _parsed(text)[0]
    except ParseError as error:
        raise _failure(cursor.sql, error, start - len(_OPENING)) from None
    return columns_of(create.this.expressions) if create else []


def _parsed(text: str) -> list[exp.Expr | None]:
    parser = HiveStatements().parser(error_message_context=len(text))
    return list(parser.parse(tokenize(text, HiveStatements), text))


def columns_of(definitions: list[exp.Expression]) -> list[Column]:
    """Read sqlglot's column definitions."""
    found = [_column(each) for each in definitions]
    names = [each["Name"] for each in found]
    for name in names:
        if names.count(name) > 1:
            raise failures.semantic(f"Duplicate column name: {name}", 10036)
    return found


def _column(definition: exp.Expression) -> Column:
    kind = definition.args.get("kind")
    if not isinstance(definition, exp.ColumnDef) or not isinstance(kind, exp.DataType):
        raise failures.semantic(f"Not a column with a type: {definition.sql(HiveStatements)}")
    try:
        column = {"Name": definition.name.lower(), "Type": types.hive(kind)}
    except types.UnknownType as unknown:
        raise failures.semantic(f"Column {definition.name} has a type that Athena does not have: {unknown}") from None
    for constraint in definition.args.get("constraints") or []:
        if not isinstance(constraint.kind, exp.CommentColumnConstraint):
            spelled = constraint.sql(HiveStatements)
            raise failures.semantic(f"Column {definition.name} has a constraint, and Athena has none: {spelled}")
        column["Comment"] = constraint.kind.this.name
    return column


def _failure(sql: str, error: ParseError, offset: int = 0) -> QueryFailed:
    """Return Hive's message for sqlglot's: the three tokens from the error on. ``offset`` is its text's offset in ``sql``."""
    cursor = Cursor(sql, HiveStatements)
    start = len(error.errors[0]["start_context"] or "") + offset
    cursor.at = next((at for at, token in enumerate(cursor.tokens) if token.start >= start), len(cursor.tokens))
    return cursor.unrecognized()
