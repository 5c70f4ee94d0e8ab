"""The Spark jobs on a folder instead of a bucket; only the bookmarked read of new files is replaced."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aggregate
import load_points
import pyarrow as pa
import pyarrow.parquet as pq
import repartition
from partition_versions import KEYS, VersionedTable
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql.types import DoubleType, IntegerType, StringType, StructField, StructType, TimestampType

ARGUMENTS = {"database": "traffic", "frozen_after_minutes": "60", "future_after_minutes": "5"}


TYPES = {"string": StringType(), "int": IntegerType(), "double": DoubleType(), "timestamp": TimestampType()}


class Killed(Exception):
    """Simulates SIGKILL at one point of a run."""


@dataclass
class Pipeline:
    """The tables of the example in a folder; ``seen`` is the bookmark."""

    spark: SparkSession
    folder: Path
    glue: Any
    s3: Any
    tables: dict[str, VersionedTable] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    reading: set[str] = field(default_factory=set)
    runs: int = 0

    def provision(self, resources: Mapping[str, Any]) -> "Pipeline":
        """Create the resources of glue-local.yaml, with locations in the folder."""
        self.s3.create_bucket(Bucket="traffic-curated")
        self.glue.create_database(DatabaseInput={"Name": "traffic"})
        for request in resources["tables"]:
            definition = request["TableInput"]
            name = definition["Name"]
            storage = {**definition["StorageDescriptor"], "Location": f"file://{self.folder / name}"}
            self.glue.create_table(DatabaseName="traffic", TableInput={**definition, "StorageDescriptor": storage})
            table = self.glue.get_table(DatabaseName="traffic", Name=name)["Table"]
            self.tables[name] = VersionedTable(self.glue, self.s3, table)
        return self

    def configure(self, *documents: bytes) -> list[dict[str, Any]]:
        """Load configuration documents; return the rows of the points table."""
        rows = load_points.dated(row for document in documents for row in load_points.parse(document, "a test's"))
        path = self.folder / "points" / "points.parquet"
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, load_points.SCHEMA), path)
        return rows

    def deliver(self, events: Iterable[Mapping[str, str]], arrival: datetime, name: str = "") -> None:
        """Write events where Firehose would deliver them at ``arrival``."""
        folder = (
            self.folder / "raw_events" / arrival.astimezone(timezone.utc).strftime("year=%Y/month=%m/day=%d/hour=%H")
        )
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(event) + "\n" for event in events)
        number = len(list((self.folder / "raw_events").rglob("*.gz")))
        (folder / f"{name}{number:05}.gz").write_bytes(gzip.compress(lines.encode(), 1))

    def from_catalog(self, **_: Any) -> Any:
        """Replace the bookmarked read: return the files that no committed run has read."""
        folder = self.folder / "raw_events"
        self.reading = {f"file://{path}" for path in folder.rglob("*.gz")} - self.seen
        if not self.reading:
            return SimpleNamespace(toDF=lambda: self.spark.createDataFrame([], "nothing int").drop("nothing"))
        names = [column["Name"] for column in self.tables["raw_events"].definition["StorageDescriptor"]["Columns"]]
        schema = ", ".join(f"{name} string" for name in (*names, *KEYS))
        frame = self.spark.read.schema(schema).option("basePath", f"file://{folder}").json(sorted(self.reading))
        return SimpleNamespace(toDF=lambda: frame)

    def repartition(self, killed_before_the_bookmark: bool = False) -> Any:
        """Run repartition like its main function."""
        self.runs += 1
        context: Any = SimpleNamespace(
            spark_session=self.spark, create_dynamic_frame=SimpleNamespace(from_catalog=self.from_catalog)
        )
        commits = repartition.CommitFile(self.s3, "traffic-curated", "state/repartition-commit.json")
        commit = repartition.repartition(context, ARGUMENTS, self.tables, commits, f"r{self.runs}")
        self.spark.catalog.clearCache()
        if killed_before_the_bookmark:
            raise Killed
        self.seen |= self.reading
        commits.remove()
        return commit

    def aggregate(self, execution: str = "test") -> list[str]:
        """Run aggregate and return the hours that it recomputed."""
        self.runs += 1
        return sorted(aggregate.aggregate(self.spark, self.tables, f"a{self.runs}", execution))

    def table(self, name: str) -> DataFrame:
        """Return a table's rows, read through the catalog."""
        table = self.tables[name]
        columns = table.definition["StorageDescriptor"]["Columns"]
        schema = StructType([StructField(column["Name"], TYPES[column["Type"]]) for column in columns])
        return table.read(self.spark, table.partitions(), schema)

    def rows(self, name: str) -> list[Row]:
        """Return a table's rows, sorted."""
        return sorted(self.table(name).collect(), key=str)

    def everything_but_sites(self) -> dict[str, list[Row]]:
        """Return all tables of repartition."""
        return {name: self.rows(name) for name in ("events", "quarantine", "rejected")}

    def everything(self) -> dict[str, list[Row]]:
        """Return all tables of the workflow."""
        return {**self.everything_but_sites(), "sites": self.rows("sites")}
