"""Fixtures that evaluate rulesets on small frames."""

from collections.abc import Callable
from typing import Any

import pytest

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsgluedq.transforms import EvaluateDataQuality

Evaluate = Callable[..., list[tuple[str, str | None, dict[str, float]]]]


@pytest.fixture
def dynamic(glue_context: GlueContext) -> Callable[..., DynamicFrame]:
    """Make a DynamicFrame: ``dynamic("a int, b string", (1, "x"), …)``."""

    def make(schema: str, *rows: tuple[Any, ...]) -> DynamicFrame:
        return DynamicFrame.fromDF(glue_context.spark_session.createDataFrame(list(rows), schema), glue_context, "f")

    return make


@pytest.fixture
def evaluate() -> Evaluate:
    """Evaluate rules, and return (Outcome, FailureReason, EvaluatedMetrics) of each."""

    def evaluate(frame: DynamicFrame, *rules: str, **options: Any) -> list[tuple[str, str | None, dict[str, float]]]:
        result = EvaluateDataQuality.apply(frame=frame, ruleset=f"Rules = [{', '.join(rules)}]", **options).toDF()
        return [(row.Outcome, row.FailureReason, dict(row.EvaluatedMetrics)) for row in result.collect()]

    return evaluate
