"""Casts that give null for what cannot be cast, also where Spark runs in ANSI mode, as Glue 6.0 does."""

from pyspark import SparkContext
from pyspark.sql import Column
from pyspark.sql.types import DataType


def try_cast(column: Column, target: DataType) -> Column:
    """Return SQL's ``try_cast`` of any column, a lambda's variable among them; PySpark 3.5 has no function for it."""
    context = SparkContext._active_spark_context
    if context is None:
        raise RuntimeError("there is no Spark session: create a GlueContext first")
    scala = context._jvm.org.apache.spark.sql
    catalyst = scala.catalyst.expressions
    kind = scala.types.DataType.fromJson(target.json())
    none = context._jvm.scala.Option.empty()
    return Column(scala.Column(catalyst.Cast(column._jc.expr(), kind, none, catalyst.EvalMode.TRY())))
