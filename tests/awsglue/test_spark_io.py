"""Spark's readers and writers, changed as in a run."""

from typing import Any

import pytest
from pyspark.sql import DataFrameReader, DataFrameWriter

from awsglue import spark_io


@pytest.fixture
def attached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers and writers changed as in a run, until the end of the test."""
    for kind, names in ((DataFrameReader, spark_io._READS), (DataFrameWriter, spark_io._WRITES)):
        for name in names:
            monkeypatch.setattr(kind, name, getattr(kind, name))
    spark_io.attach()


@pytest.mark.usefixtures("attached")
def test_a_bucket_is_a_path(spark: Any, bucket: Any) -> None:
    whole = bucket.path().rstrip("/")
    spark.range(2).coalesce(1).write.mode("append").parquet(whole)
    (key,) = bucket.keys()
    assert key.startswith("part-")
    assert spark.read.parquet(whole).count() == 2
    assert spark.read.format("parquet").load([whole]).count() == 2
