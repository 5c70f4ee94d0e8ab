"""Catalog tables in the formats Iceberg, Delta and Hudi; --datalake-formats adds their jars."""

from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from ..data_catalog import catalog_tables
from ..options import IMMATERIAL
from .listing import without_slash

_PROVIDER = "spark.sql.sources.provider"
_CLASSES = {
    "iceberg": "org.apache.iceberg.spark.SparkCatalog",
    "delta": "org.apache.spark.sql.delta.sources.DeltaDataSource",
    "hudi": "org.apache.hudi.DefaultSource",
}
FORMATS = tuple(_CLASSES)
_CATALOG = "spark.sql.catalog."
_GLUE_CATALOG = "org.apache.iceberg.aws.glue.GlueCatalog"


def lake_format(table: catalog_tables.Table) -> str | None:
    """Return the table format; None for plain files."""
    parameters = table.get("Parameters", {})
    told = [str(parameters.get(name, "")).lower() for name in ("table_type", _PROVIDER, "classification")]
    # Hudi tables have Parquet's SerDe. Reading them as plain Parquet would return old versions of records too.
    if "hudi" in str(table.get("StorageDescriptor", {}).get("InputFormat", "")).lower():
        return "hudi"
    return next((one for one in FORMATS if one in told), None)


def read(
    spark: SparkSession, table: catalog_tables.Table, format: str, predicate: str, options: Mapping[str, Any]
) -> DataFrame:
    """Read a table of ``format``; raises ValueError if the job lacks its jars or catalog.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-datalake-native-frameworks.html
    """
    _refuse_without(spark, table, format)
    reader = spark.read.options(**_given(options))
    if format == "iceberg":
        rows = reader.table(_identifier(spark, table))
    else:
        rows = reader.format(format).load(without_slash(table["StorageDescriptor"]["Location"]))
    return rows.where(predicate) if predicate else rows


def write(frame: DataFrame, table: catalog_tables.Table, format: str, options: Mapping[str, Any]) -> None:
    """Append ``frame`` to a table of ``format``; raises ValueError if the job lacks its jars or catalog."""
    spark = frame.sparkSession
    _refuse_without(spark, table, format)
    if format == "iceberg":
        frame.writeTo(_identifier(spark, table)).options(**_given(options)).append()
        return
    writer = frame.write.format(format).mode("append").options(**_given(options))
    keys = catalog_tables.partition_keys(table)
    (writer.partitionBy(*keys) if keys else writer).save(without_slash(table["StorageDescriptor"]["Location"]))


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in IMMATERIAL}


def _refuse_without(spark: SparkSession, table: catalog_tables.Table, format: str) -> None:
    loader = spark.sparkContext._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    if loader.getResource(_CLASSES[format].replace(".", "/") + ".class") is None:
        raise ValueError(
            f"{table['DatabaseName']}.{table['Name']} is a table of format {format}: "
            f"add --datalake-formats {format} to the job"
        )


def _identifier(spark: SparkSession, table: catalog_tables.Table) -> str:
    """Return an Iceberg table's name in the job's Spark catalog for the Data Catalog."""
    settings = [(row["key"], row["value"]) for row in spark.sql("SET").collect()]
    made = [key for key, value in settings if key.startswith(_CATALOG) and value in (_GLUE_CATALOG, "glue")]
    named = [key[len(_CATALOG) :].partition(".")[0] for key in made if key.endswith((".catalog-impl", ".type"))]
    if not named:
        raise ValueError(
            f"{table['DatabaseName']}.{table['Name']} is an Iceberg table: configure a Spark catalog for it, --conf "
            f"{_CATALOG}glue_catalog={_CLASSES['iceberg']} --conf {_CATALOG}glue_catalog.catalog-impl={_GLUE_CATALOG}"
        )
    return f"`{named[0]}`.`{table['DatabaseName']}`.`{table['Name']}`"
