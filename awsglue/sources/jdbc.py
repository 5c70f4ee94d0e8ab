"""Database tables as a source, over JDBC; with a bookmark only the rows after the last committed keys."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from ..data_catalog import connections
from ..options import check, spelled, strings, true
from .jdbc_connection import connection
from .s3 import BookmarkedRead

# Glue's drivers by connection type. PostgreSQL's is always on the class path here; --extra-jars adds others.
_DRIVERS = {
    "mysql": "com.mysql.cj.jdbc.Driver",
    "oracle": "oracle.jdbc.OracleDriver",
    "postgresql": "org.postgresql.Driver",
    "redshift": "com.amazon.redshift.jdbc42.Driver",
    "sqlserver": "com.microsoft.sqlserver.jdbc.SQLServerDriver",
}
CONNECTION_TYPES = (*_DRIVERS, "jdbc", "custom.jdbc")
_STATE = "JDBCDataSourceJobBookmarkState"
_WHERE = ("url", "user", "username", "password", "driver", "className", "customJdbcDriverClassName")
_CONNECTION = ("connectionName", "useConnectionProperties", "database")
_HONOURED = (
    *(*_WHERE, *_CONNECTION, "dbtable", "dbTable", "query", "sampleQuery", "enablePartitioningForSampleQuery"),
    *("filterPredicate", "jobBookmarkKeys", "jobBookmarkKeysSortOrder"),
)
_SPEED = (
    *("hashfield", "hashexpression", "hashpartitions", "fetchsize", "numPartitions", "redshiftTmpDir"),
    *("partitionColumn", "lowerBound", "upperBound"),
)
# How AWS Glue moves data between Redshift and S3; over JDBC nothing is staged.
STAGING = (
    *("redshift_tmp_dir", "tempdir", "aws_iam_role", "forward_spark_s3_credentials", "temporary_aws_access_key_id"),
    *("tempformat", "unload_s3_format", "extraunloadoptions", "autopushdown", "autopushdown.s3_result_cache", "DbUser"),
)
_DRIVER = "customJdbcDriverS3Path"


def frame(spark: SparkSession, connection_type: str, options: Mapping[str, Any], read: BookmarkedRead) -> DataFrame:
    """Return the rows of ``dbtable`` or ``query``; with a bookmark only those with keys after the last run's.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-jdbc-home.html
    """
    options = spelled(options)
    if options.get(_DRIVER):
        raise NotImplementedError(f"{_DRIVER} is not emulated: add the driver with --extra-jars {options[_DRIVER]}")
    check(f"connection_options for {connection_type}", options, (*_HONOURED, *_SPEED, *STAGING))
    table, query = options.get("dbtable") or options.get("dbTable"), _query(options)
    if not table and not query:
        raise ValueError(f'connection_options for {connection_type} must have "dbtable"')
    where = address(spark, connection_type, options)
    rows = spark.read.format("jdbc").options(**where, **({"query": query} if query else {"dbtable": str(table)})).load()
    if options.get("filterPredicate"):
        rows = rows.where(str(options["filterPredicate"]))
    if read.bookmarks is None:
        return rows
    given = strings(options.get("jobBookmarkKeys"))
    keys = [key.strip() for one in given for key in one.split(",")] or _primary_key(spark, where, str(table or ""))
    descending = str(options.get("jobBookmarkKeysSortOrder", "asc")).lower() == "desc"
    return _new_rows(rows, _spelled(rows, keys), descending, read) if keys else rows


def _query(options: Mapping[str, Any]) -> str:
    sample = str(options.get("sampleQuery") or "")
    # The query then ends with WHERE or AND, and Glue appends the condition for each partition.
    if sample and true(options, "enablePartitioningForSampleQuery"):
        sample += " 1 = 1"
    return sample or str(options.get("query") or "")


def address(spark: SparkSession, connection_type: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Return Spark's options for a database's address and login; raises ValueError if one is missing."""
    if true(options, "useConnectionProperties") or (options.get("connectionName") and not options.get("url")):
        _, where = connections.database(str(options.get("connectionName")), None, options.get("database"))
        options = {**where, **options}
    if not options.get("url"):
        raise ValueError(f'connection_options for {connection_type} must have "url"')
    named = options.get("customJdbcDriverClassName") or options.get("className") or options.get("driver")
    url = str(options["url"])
    vendor = url.split(":")[1] if connection_type in ("jdbc", "redshift") else connection_type
    driver = named or _DRIVERS.get(vendor)
    if not driver:
        raise ValueError(f'connection_options for {connection_type} must have "className", the class of the driver')
    if vendor == "redshift" and not named and not _has_class(spark, str(driver)):
        url, driver = _through_postgresql(url), _DRIVERS["postgresql"]
    if not _has_class(spark, str(driver)):
        raise ValueError(
            f"the driver {driver} for {connection_type} is not on the class path: add it with --extra-jars"
        )
    login = {"user": options.get("user") or options.get("username"), "password": options.get("password")}
    return {"url": url, "driver": str(driver), **{k: str(v) for k, v in login.items() if v}}


def _through_postgresql(url: str) -> str:
    # Redshift speaks PostgreSQL's protocol, and locally a PostgreSQL server takes its place.
    if url.startswith("jdbc:redshift:iam:"):
        raise ValueError(
            f"{url}: IAM login needs Redshift's own driver. Run `glue-local doctor --fix --connectors redshift`, "
            "or use jdbc:redshift://host:port/database with user and password"
        )
    return url.replace("jdbc:redshift:", "jdbc:postgresql:", 1)


def _has_class(spark: SparkSession, name: str) -> bool:
    jvm: Any = spark.sparkContext._jvm
    loader = jvm.java.lang.Thread.currentThread().getContextClassLoader()
    # As a resource: py4j's error for a class that cannot be loaded is hard to recognize.
    return loader.getResource(name.replace(".", "/") + ".class") is not None


def _spelled(rows: DataFrame, keys: list[str]) -> list[str]:
    known = {name.lower(): name for name in rows.columns}
    missing = [key for key in keys if key.lower() not in known]
    if missing:
        raise ValueError(f"jobBookmarkKeys: unknown column {missing[0]!r}")
    return [known[key.lower()] for key in keys]


def _new_rows(rows: DataFrame, keys: list[str], descending: bool, read: BookmarkedRead) -> DataFrame:
    bookmarks = read.bookmarks
    assert bookmarks is not None
    before, until = bookmarks.position(read.context)
    new = rows if before is None else rows.where(_behind(rows, keys, before["keys"], descending))
    if until is not None:
        new = new.where(~_behind(rows, keys, until["keys"], descending)) if until else new.limit(0)
    texts = (F.col(f"`{key}`").cast("string").alias(f"text{place}") for place, key in enumerate(keys))
    order = [F.col(f"`{key}`").asc() if descending else F.col(f"`{key}`").desc() for key in keys]
    newest = new.orderBy(*order).limit(1).select(*texts).collect()
    run = int(before["timestamps"]["RUN"]) + 1 if before else 1
    values = dict(zip(keys, newest[0], strict=True)) if newest else (before or {}).get("keys")
    if values is None:
        return new
    bookmarks.move(read.context, {"jsonClass": _STATE, "timestamps": {"RUN": str(run)}, "keys": values})
    # Rows that are added while the run reads have later keys: the next run reads them.
    return new.where(~_behind(rows, keys, values, descending))


def _behind(rows: DataFrame, keys: list[str], values: Mapping[str, str], descending: bool) -> Column:
    """Return whether a row comes after these keys, in lexicographic order."""

    def value(key: str) -> Column:
        return F.lit(values[key]).cast(rows.schema[key].dataType)

    def beyond(key: str) -> Column:
        here = F.col(f"`{key}`")
        return here < value(key) if descending else here > value(key)

    def from_place(place: int) -> Column:
        key = keys[place]
        if place == len(keys) - 1:
            return beyond(key)
        return beyond(key) | ((F.col(f"`{key}`") == value(key)) & from_place(place + 1))

    return from_place(0)


def _primary_key(spark: SparkSession, where: Mapping[str, str], table: str) -> list[str]:
    """Return the columns of a table's primary key, AWS's default for jobBookmarkKeys."""
    if not table:
        return []
    with connection(spark, where) as opened:
        schema, _, name = table.rpartition(".")
        upper = opened.getMetaData().storesUpperCaseIdentifiers()
        spelled = [part.upper() if upper else part for part in (schema, name)]
        found = opened.getMetaData().getPrimaryKeys(None, spelled[0] or None, spelled[1])
        columns = []
        while found.next():
            columns.append((int(found.getShort("KEY_SEQ")), str(found.getString("COLUMN_NAME"))))
        return [name for _, name in sorted(columns)]
