"""Iceberg tables, which the engine changes: names, columns and properties in Trino's spelling."""

from glue_local.query.hive import types
from glue_local.query.hive.columns import Column
from glue_local.query.session import Session
from glue_local.query.stored import glue_catalog
from glue_local.query.trino_text import quoted, text


def named(database: str, table: str, session: Session) -> str:
    """``"iceberg"."db"."table"``."""
    return ".".join(quoted(part) for part in (session.iceberg, database, table))


def spelled(table: glue_catalog.Table, session: Session) -> str:
    return named(table["DatabaseName"], table["Name"], session)


def column(given: Column) -> str:
    """``"name" type COMMENT 'text'``."""
    comment = f" COMMENT {text(given['Comment'])}" if "Comment" in given else ""
    return f"{quoted(given['Name'])} {types.trino(given['Type'])}{comment}"
