"""The session of a query: the endpoint's clients, the engine and the query's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from glue_local.query.statement import Rows

CATALOG = "awsdatacatalog"
"""Trino's name of the catalog that Athena calls AwsDataCatalog."""


class Run(Protocol):
    """Runs a statement in Trino's dialect in the engine; raises QueryFailed like the query itself."""

    def __call__(self, sql: str, *, properties: Mapping[str, str] = ...) -> Rows:
        """``properties`` are session properties for this statement, such as ``{"awsdatacatalog.compression_codec": "GZIP"}``."""


@dataclass(frozen=True)
class Session:
    """The clients and settings of one query."""

    glue: Any
    """A boto3 client for the endpoint, in the query's account and region."""
    s3: Any
    run: Run
    database: str
    """The database of QueryExecutionContext, ``default`` if the query names none."""
    catalog: str
    """Trino's name of the catalog."""
    account: str
    region: str
    query_id: str
    output_location: str
    """The folder of the query's result objects, ``s3://bucket/prefix/``."""
    enforced_location: bool = False
    """Whether the work group enforces its output location, which forbids ``external_location`` in CTAS."""
    catalogs: Mapping[str, str] = field(default_factory=dict)
    """Data catalogs registered in Athena for this account's Glue catalog: their names in lower case → Trino's name."""
    iceberg: str = f"{CATALOG}_iceberg"
    """Trino's name of the catalog with the Iceberg tables of ``catalog``."""
    work_group: str = "primary"
    athena: Any = None
    """A boto3 client for the prepared statements of the work group."""
    now: float = 0.0
    """The start of the query in epoch seconds."""
