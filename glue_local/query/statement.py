"""A query's statement, its rows and its outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Statement:
    """A query's text with Athena's ``StatementType`` and ``SubstatementType``."""

    sql: str
    kind: str
    """DDL, DML or UTILITY."""
    substatement: str
    """SELECT, INSERT, CREATE_TABLE, SHOW_TABLES … as GetQueryExecution returns it."""


@dataclass(frozen=True)
class Column:
    """One column of a result; ``type`` is Athena's: varchar, integer, decimal(10,2), array(varchar), row(a integer)."""

    name: str
    type: str


@dataclass(frozen=True)
class Rows:
    """The engine's response to one statement. Iterating yields the rows."""

    columns: list[Column] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    update_type: str = ""
    """The engine's name of a statement that is not a query: INSERT, CREATE TABLE …; empty for a query."""
    update_count: int | None = None
    engine_query_id: str = ""
    """The engine's query id. The names of the files it writes contain it."""

    def __iter__(self) -> Iterator[list[Any]]:
        return iter(self.rows)


@dataclass(frozen=True)
class Outcome:
    """The result of a statement that the engine does not run itself."""

    kind: str
    substatement: str
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[Any]] = ()
    text: str = ""
    """The content of the result object ``<id>.txt``, lines ended by a line feed."""
    manifest: list[str] | None = None
    """The ``s3://`` URIs that the statement wrote; None if it has no manifest."""
    update_count: int | None = None
