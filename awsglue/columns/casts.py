"""Casts that return null for invalid values, even in Spark's ANSI mode (the default in Glue 6.0)."""

from pyspark import SparkContext
from pyspark.sql import Column
from pyspark.sql.types import DataType


def try_cast(column: Column, target: DataType) -> Column:
    """Return SQL's ``try_cast`` of any column, including lambda variables; PySpark 3.5 has no function for it."""
    context = SparkContext._active_spark_context
    if context is None:
        raise RuntimeError("no Spark session: create a GlueContext first")
    scala = context._jvm.org.apache.spark.sql
    catalyst = scala.catalyst.expressions
    kind = scala.types.DataType.fromJson(target.json())
    none = context._jvm.scala.Option.empty()
    return Column(scala.Column(catalyst.Cast(column._jc.expr(), kind, none, catalyst.EvalMode.TRY())))
