"""The variables of the Glue shell."""

import runpy
import sys

import pytest
from pyspark.sql import SparkSession

from awsglue.context import GlueContext


def test_a_shell_has_the_session_and_its_contexts(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(
        sys.modules, "awsglue.glue_shell", raising=False
    )  # runpy warns about a module that is already imported
    names = runpy.run_module("awsglue.glue_shell", run_name="__main__")
    assert isinstance(names["glueContext"], GlueContext)
    assert names["sc"] is spark.sparkContext
    assert names["spark"].range(3).count() == 3
