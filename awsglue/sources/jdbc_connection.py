"""A database connection of the driver's JVM, for statements that Spark's JDBC source does not execute."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from pyspark.sql import SparkSession


@contextlib.contextmanager
def connection(spark: SparkSession, where: Mapping[str, str]) -> Iterator[Any]:
    """Connect to the ``url`` of ``where`` with its ``driver``, ``user`` and ``password``; yields a java.sql.Connection."""
    jvm: Any = spark.sparkContext._jvm
    properties = jvm.java.util.Properties()
    for name in ("user", "password"):
        if name in where:
            properties.setProperty(name, where[name])
    driver = jvm.java.lang.Thread.currentThread().getContextClassLoader().loadClass(where["driver"]).newInstance()
    opened = driver.connect(where["url"], properties)
    try:
        yield opened
    finally:
        opened.close()


def execute(spark: SparkSession, where: Mapping[str, str], sql: str) -> None:
    """Execute SQL statements, separated by semicolons, in one transaction; does nothing if there are none."""
    if not sql.strip():
        return
    with connection(spark, where) as opened:
        opened.setAutoCommit(False)
        statement = opened.createStatement()
        statement.execute(sql)
        opened.commit()
