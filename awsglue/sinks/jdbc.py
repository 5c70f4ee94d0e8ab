"""Tables of databases as a sink, over JDBC."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame

from ..options import check
from ..sources import jdbc

CONNECTION_TYPES = jdbc.CONNECTION_TYPES
_HONOURED = (
    *("url", "user", "username", "password", "driver", "className", "customJdbcDriverClassName"),
    *("connectionName", "useConnectionProperties", "database", "dbtable", "dbTable", "bulkSize", "redshiftTmpDir"),
)


def write(frame: DataFrame, connection_type: str, options: Mapping[str, Any]) -> None:
    """Add the rows to ``dbtable``, which is made when it is not there."""
    check(f"connection_options for {connection_type}", options, _HONOURED)
    table = options.get("dbtable") or options.get("dbTable")
    if not table:
        raise ValueError(f'connection_options for {connection_type} need "dbtable"')
    if not frame.columns:
        return
    where = jdbc.address(frame.sparkSession, connection_type, options)
    writer = frame.write.format("jdbc").mode("append").options(**where, dbtable=str(table))
    if options.get("bulkSize"):
        writer = writer.option("batchsize", str(options["bulkSize"]))
    writer.save()
