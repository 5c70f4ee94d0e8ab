"""Rewrite Athena's SQL for Trino: a chain of small rewrites, applied from top to bottom."""

from collections.abc import Callable

from glue_local.query.rewrite.catalog_names import rewrite_catalog_names
from glue_local.query.rewrite.explained_create_table_as import rewrite_explained
from glue_local.query.rewrite.one_statement import only_statement
from glue_local.query.session import Session

Rewrite = Callable[[str, Session], str]

REWRITES: tuple[Rewrite, ...] = (
    only_statement,
    rewrite_explained,
    rewrite_catalog_names,
)


def rewrite(sql: str, session: Session) -> str:
    """Return the statement in Trino's spelling. Raises QueryFailed."""
    for each in REWRITES:
        sql = each(sql, session)
    return sql
