"""A GlueContext on the test process's session."""

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import SparkSession

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame


@pytest.fixture
def glue_context(spark: SparkSession) -> GlueContext:
    context = GlueContext(spark)
    context.bookmarks = None
    return context


@pytest.fixture
def frame(glue_context: GlueContext) -> Callable[..., DynamicFrame]:
    """Make a DynamicFrame of JSON documents: ``frame('{"a": 1}', …)``."""

    def frame(*documents: str, name: str = "frame") -> DynamicFrame:
        session = glue_context.spark_session
        return DynamicFrame.fromDF(session.read.json(session.sparkContext.parallelize(documents)), glue_context, name)

    return frame


@pytest.fixture
def rows() -> Callable[[Any], list[dict[str, Any]]]:
    """Return a frame's records as dictionaries, in a fixed order."""

    def rows(frame: Any) -> list[dict[str, Any]]:
        return sorted((row.asDict(recursive=True) for row in frame.toDF().collect()), key=str)

    return rows
