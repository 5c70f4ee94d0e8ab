"""Database tables as a sink, over JDBC."""

import re
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame

from ..options import check
from ..sources import jdbc
from ..sources.jdbc_connection import execute

CONNECTION_TYPES = jdbc.CONNECTION_TYPES
_HONOURED = (
    *("url", "user", "username", "password", "driver", "className", "customJdbcDriverClassName"),
    *("connectionName", "useConnectionProperties", "database", "dbtable", "dbTable", "bulkSize", "redshiftTmpDir"),
    *("preactions", "postactions", "extracopyoptions"),
)
# Options of COPY about statistics and compression, which do not change the rows.
_COPY_OPTION = re.compile(r"(COMPUPDATE|STATUPDATE)(\s+(ON|OFF|TRUE|FALSE|PRESET))?\s*", re.IGNORECASE)


def write(frame: DataFrame, connection_type: str, options: Mapping[str, Any]) -> None:
    """Append the rows to ``dbtable``, which is created if it does not exist.

    ``preactions`` are executed before and ``postactions`` after it, each in its own transaction.
    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-redshift-home.html
    """
    check(f"connection_options for {connection_type}", options, (*_HONOURED, *jdbc.STAGING))
    table = options.get("dbtable") or options.get("dbTable")
    if not table:
        raise ValueError(f'connection_options for {connection_type} must have "dbtable"')
    copy = str(options.get("extracopyoptions") or "")
    if _COPY_OPTION.sub("", copy).strip():
        raise NotImplementedError(
            f"extracopyoptions {copy!r} is not emulated: rows are inserted over JDBC, without COPY"
        )
    where = jdbc.address(frame.sparkSession, connection_type, options)
    execute(frame.sparkSession, where, str(options.get("preactions") or ""))
    if frame.columns:
        _append(frame, str(table), where, options)
    execute(frame.sparkSession, where, str(options.get("postactions") or ""))


def _append(frame: DataFrame, table: str, where: Mapping[str, str], options: Mapping[str, Any]) -> None:
    writer = frame.write.format("jdbc").mode("append").options(**where, dbtable=table)
    if options.get("bulkSize"):
        writer = writer.option("batchsize", str(options["bulkSize"]))
    writer.save()
