"""Statements that Athena refuses, and statements of Athena that glue-local does not support.

https://docs.aws.amazon.com/athena/latest/ug/unsupported-ddl.html
"""

from glue_local.query.failure import QueryFailed
from glue_local.query.hive import failures
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.opening import opens

_TABLE = "ALTER TABLE <table> [<partition>]"

UNSUPPORTED = (
    "ALTER INDEX",
    f"{_TABLE} ARCHIVE PARTITION",
    f"{_TABLE} CLUSTERED BY",
    f"{_TABLE} EXCHANGE PARTITION",
    f"{_TABLE} NOT CLUSTERED",
    f"{_TABLE} NOT SKEWED",
    f"{_TABLE} NOT SORTED",
    f"{_TABLE} NOT STORED",
    f"{_TABLE} COMPACT",
    f"{_TABLE} CONCATENATE",
    f"{_TABLE} SET FILEFORMAT",
    f"{_TABLE} SET SERDEPROPERTIES",
    f"{_TABLE} SET SERDE",
    f"{_TABLE} SET SKEWED",
    f"{_TABLE} SKEWED BY",
    f"{_TABLE} TOUCH",
    f"{_TABLE} UNARCHIVE PARTITION",
    "CREATE INDEX",
    "CREATE ROLE",
    "CREATE TEMPORARY",
    "CREATE CATALOG",
    "CREATE FUNCTION",
    "CREATE MATERIALIZED",
    "DROP INDEX",
    "DROP ROLE",
    "DROP TEMPORARY",
    "DROP CATALOG",
    "DROP FUNCTION",
    "DROP MATERIALIZED",
    "DESCRIBE DATABASE",
    "SHOW CATALOGS",
    "SHOW COMPACTIONS",
    "SHOW CURRENT",
    "SHOW GRANT",
    "SHOW GRANTS",
    "SHOW INDEXES",
    "SHOW LOCKS",
    "SHOW PRINCIPALS",
    "SHOW ROLE",
    "SHOW ROLES",
    "SHOW SESSION",
    "SHOW STATS",
    "SHOW TRANSACTIONS",
    "ANALYZE",
    "CALL",
    "COMMENT",
    "COMMIT",
    "DENY",
    "DFS",
    "EXPORT",
    "GRANT",
    "IMPORT",
    "LOCK",
    "LOAD",
    "REFRESH",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SET",
    "START",
    "TRUNCATE",
    "UNLOCK",
    "USE",
)

NOT_IMPLEMENTED = {
    "USING EXTERNAL": "Lambda functions are not emulated",
}

# Athena treats statements that begin with these words as Hive's.
_HIVE = ("ALTER", "MSCK", "CREATE EXTERNAL", "CREATE TABLE", "DROP", "SHOW CREATE", "SHOW PARTITIONS")

HIVES_WORDS = ("ALTER", "MSCK", "CREATE", "DROP", "SHOW", "DESCRIBE", "DESC")
"""First words of Hive's statements, to recognize a text with an unterminated string."""


def refuse(cursor: Cursor) -> None:
    """Raise QueryFailed for an unsupported statement, named in the message."""
    for opening in UNSUPPORTED:
        if opens(cursor, opening):
            raise failures.unsupported(opening.replace(_TABLE, "ALTER TABLE"))
    for opening, reason in NOT_IMPLEMENTED.items():
        if opens(cursor, opening):
            raise failures.not_implemented(opening, reason)


def refuse_other_forms(cursor: Cursor) -> None:
    """Raise QueryFailed for a form of a Hive statement that Athena does not support."""
    if any(opens(cursor, opening) for opening in _HIVE):
        raise _where_it_differs(cursor)


def _where_it_differs(cursor: Cursor) -> QueryFailed:
    if opens(cursor, _TABLE):
        cursor.expect("ALTER", "TABLE")
        cursor.table(double_quotes=True)
        if cursor.accept("PARTITION"):
            cursor.parenthesized()
    return cursor.unrecognized()
