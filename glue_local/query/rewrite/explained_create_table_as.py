"""EXPLAIN of CREATE TABLE AS with Athena's table properties.

https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html
"""

from glue_local.query.create_table_as import OPENING, read
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.hive.opening import first_word, opens
from glue_local.query.session import Session


def rewrite_explained(sql: str, session: Session) -> str:
    """Return ``EXPLAIN [ANALYZE] [VERBOSE] [(…)] CREATE TABLE … AS`` in Trino's spelling; other text is unchanged."""
    if first_word(sql) != "EXPLAIN":
        return sql
    cursor = Cursor(sql, TrinoStatements)
    if not cursor.accept("EXPLAIN"):
        return sql
    cursor.accept("ANALYZE")
    cursor.accept("VERBOSE")
    if cursor.reads("("):
        cursor.parenthesized()
    return read(cursor, session).sql if opens(cursor, OPENING) else sql
