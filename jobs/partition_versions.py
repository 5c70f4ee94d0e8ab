"""Rewrite whole partitions: write new files next to the old ones, then switch the Location in the catalog.

A run writes a partition's new rows under ``<partition>/version=<version>/``, which readers do not see yet. Switching the
partition's Location is one catalog call, so readers see either the old rows or the new ones. The files of a killed run
are at no Location; the next rewrite of the partition deletes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

KEYS = ("year", "month", "day", "hour")

# A partition by its values: "2026/03/28/22" is year=2026, month=03, day=28, hour=22.
Hour = str

_BATCH = 100  # the limit of BatchCreatePartition and BatchUpdatePartition


@dataclass(frozen=True)
class VersionedTable:
    """A catalog table whose partitions are rewritten as a whole; ``definition`` is GetTable's response."""

    glue: Any
    s3: Any
    definition: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.definition["Name"])

    @property
    def path(self) -> str:
        return str(self.definition["StorageDescriptor"]["Location"]).rstrip("/")

    def partitions(self) -> dict[Hour, dict[str, Any]]:
        """Return all partitions in the catalog by hour."""
        pages = self.glue.get_paginator("get_partitions").paginate(
            DatabaseName=self.definition["DatabaseName"], TableName=self.name, ExcludeColumnSchema=True
        )
        return {"/".join(partition["Values"]): partition for page in pages for partition in page["Partitions"]}

    def folder(self, hour: Hour) -> str:
        """Return the folder that holds all versions of a partition."""
        return "/".join([self.path, *(f"{key}={value}" for key, value in zip(KEYS, hour.split("/"), strict=True))])

    def location(self, hour: Hour, version: str) -> str:
        """Return the location of one version of a partition."""
        return f"{self.folder(hour)}/version={version}/"

    def write(self, frame: DataFrame, version: str, order: Iterable[str]) -> None:
        """Write rows as a version of their partitions, one sorted file each; the column ``partition`` is the Hour."""
        values = F.split("partition", "/")
        keyed = frame.select(
            *(column for column in frame.columns if column != "partition"),
            *(values[index].alias(key) for index, key in enumerate(KEYS)),
            F.lit(version).alias("version"),
        )
        sorted_files = keyed.repartition(*KEYS).sortWithinPartitions(*KEYS, *order)
        sorted_files.write.mode("append").partitionBy(*KEYS, "version").parquet(self.path)

    def switch(self, locations: Mapping[Hour, str], parameters: Mapping[Hour, Mapping[str, str]] | None = None) -> None:
        """Set the locations of partitions in the catalog, and create missing ones. Idempotent.

        Raises RuntimeError with the catalog's reason if it rejects a partition.
        """
        known = self.partitions()
        inputs = {
            hour: {
                "Values": hour.split("/"),
                "StorageDescriptor": {**self.definition["StorageDescriptor"], "Location": location},
                "Parameters": dict((parameters or {}).get(hour, {})),
            }
            for hour, location in locations.items()
        }
        new = [value for hour, value in inputs.items() if hour not in known]
        old = [value for hour, value in inputs.items() if hour in known]
        table = {"DatabaseName": self.definition["DatabaseName"], "TableName": self.name}
        for batch in _batches(new):
            _check(self.glue.batch_create_partition(**table, PartitionInputList=batch))
        for batch in _batches(old):
            entries = [{"PartitionValueList": value["Values"], "PartitionInput": value} for value in batch]
            _check(self.glue.batch_update_partition(**table, Entries=entries))

    def sweep(self, locations: Mapping[Hour, str]) -> None:
        """Delete all versions of the given partitions except those at ``locations``."""
        for hour, location in locations.items():
            bucket, prefix = split_path(self.folder(hour) + "/")
            keep = split_path(location)[1]
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            for page in pages:
                old = [{"Key": item["Key"]} for item in page.get("Contents", []) if not item["Key"].startswith(keep)]
                if old:
                    self.s3.delete_objects(Bucket=bucket, Delete={"Objects": old, "Quiet": True})

    def read(self, spark: SparkSession, hours: Iterable[Hour], schema: StructType) -> DataFrame:
        """Return the current rows of the partitions in ``hours`` that exist.

        Adds ``partition``, the Hour of each row.
        """
        known = self.partitions()
        paths = [known[hour]["StorageDescriptor"]["Location"] for hour in sorted(hours) if hour in known]
        # With a given schema, Spark opens no file to infer it.
        with_keys = StructType([*schema.fields, *(StructField(key, StringType()) for key in (*KEYS, "version"))])
        if paths:
            frame = spark.read.schema(with_keys).option("basePath", self.path).parquet(*paths)
        else:
            frame = spark.createDataFrame([], with_keys)
        return frame.withColumn("partition", F.concat_ws("/", *KEYS)).drop(*KEYS, "version")


def open_table(glue: Any, s3: Any, database: str, name: str) -> VersionedTable:
    """Return a table of the catalog; raises EntityNotFoundException when it has none of that name."""
    return VersionedTable(glue, s3, glue.get_table(DatabaseName=database, Name=name)["Table"])


def hour_start(hour: Hour) -> datetime:
    """Return the instant at which an hour starts."""
    return datetime.strptime(hour, "%Y/%m/%d/%H").replace(tzinfo=timezone.utc)


def new_version(now: datetime, unique: str) -> str:
    """Return a name that no other run uses, in order of time: 20260328T220000Z-1f0c2a9d."""
    return f"{now:%Y%m%dT%H%M%SZ}-{unique[:8]}"


def split_path(path: str) -> tuple[str, str]:
    """Return (bucket, key) of s3://bucket/key."""
    bucket, _, key = path.split("://", 1)[1].partition("/")
    return bucket, key


def _batches(items: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _check(reply: Mapping[str, Any]) -> None:
    for error in reply.get("Errors", []):
        values = error.get("PartitionValues") or error.get("PartitionValueList")
        raise RuntimeError(f"the catalog refused partition {values}: {error['ErrorDetail']}")
