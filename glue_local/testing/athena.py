"""The ``athena`` fixture: run queries on the tables of the test's account with the real engine."""

from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest

from glue_local.children.supervisor import Child
from glue_local.client import athena
from glue_local.client.athena import Column, Result
from glue_local.client.athena_values import Record, records
from glue_local.prerequisites import Unmet
from glue_local.query.engine import installation
from glue_local.settings import machine
from glue_local.testing.account import Account
from glue_local.testing.on_demand import OnDemand

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SPARK_TYPES = {
    **{name: name for name in ("boolean", "tinyint", "smallint", "bigint", "float", "double", "date", "timestamp")},
    "integer": "int",
    "timestamp with time zone": "timestamp",
    "varbinary": "binary",
}


class Engine(OnDemand):
    """The query process of the server and its engine, started by the first query of the session."""

    def _child(self) -> Child:
        """Return the process. If the engine is not installed, fails the test with one line."""
        try:
            if not self._server.settings.trino:
                installation.check(machine().cache)
        except Unmet as unmet:
            pytest.fail(f"glue-local: {unmet}", pytrace=False)
        return self._server.query_worker()


class Athena:
    """Queries in the test's account."""

    def __init__(self, account: Account, engine: Engine, spark: "Callable[[], SparkSession]") -> None:
        self._account, self._engine, self._spark = account, engine, spark
        self._output_location: str | None = None

    def query(self, sql: str, *, database: str = "default", parameters: Sequence[str] = ()) -> list[Record]:
        """Run a statement and return its rows as dictionaries of Python values.

        ``parameters`` are ExecutionParameters for each ``?``: strings are written with their quotes, ``"'E17'"``.
        Raises QueryFailed with Athena's reason.
        """
        result = self._result(sql, database, parameters)
        return list(records(result.columns, result.rows))

    def frame(self, sql: str, *, database: str = "default", parameters: Sequence[str] = ()) -> "DataFrame":
        """Run a statement and return its rows as a DataFrame of the ``spark`` fixture, with the types of Athena's columns.

        Arrays, maps and rows are strings. Raises QueryFailed with Athena's reason.
        """
        result = self._result(sql, database, parameters)
        schema = ", ".join(f"`{column.name}` {_spark_type(column)}" for column in result.columns)
        rows = [tuple(map(_instant, record.values())) for record in records(result.columns, result.rows)]
        return self._spark().createDataFrame(rows, schema)

    def _result(self, sql: str, database: str, parameters: Sequence[str]) -> Result:
        self._engine.start()
        if self._output_location is None:
            self._output_location = athena.output_location(self._account.client, self._account.region)
        client = self._account.client("athena")
        query_id = athena.start(
            client, sql, database=database, output_location=self._output_location, parameters=parameters
        )
        return athena.result(client, athena.wait(client, query_id))


def _spark_type(column: Column) -> str:
    if column.type == "decimal":
        return f"decimal({column.precision}, {column.scale})"
    return _SPARK_TYPES.get(column.type, "string")


def _instant(value: Any) -> Any:
    # Athena's timestamps have no zone; Spark would interpret them in this process's zone.
    return value.replace(tzinfo=timezone.utc) if isinstance(value, datetime) and value.tzinfo is None else value
