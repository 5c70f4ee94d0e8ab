"""EvaluateDataQuality: evaluate a DQDL ruleset on a frame.

Pages: https://docs.aws.amazon.com/glue/latest/dg/gs-data-quality-notebooks.html,
https://docs.aws.amazon.com/glue/latest/dg/tutorial-data-quality.html
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from pyspark.sql import DataFrame

from awsglue.dynamicframe import DynamicFrame, DynamicFrameCollection
from awsglue.transforms import GlueTransform
from awsgluedq.evaluate import Evaluation
from awsgluedq.outcome import Outcome
from awsgluedq.parse import parse
from awsgluedq.plan import Data
from awsgluedq.row_level import COLUMNS, PASSED, SKIPPED, outcomes
from awsgluedq.ruleset import Composite, Rule

_LOG = logging.getLogger("awsgluedq")
_RESULT = "Rule string, Outcome string, FailureReason string, EvaluatedMetrics map<string,double>"

# The supported options and values; AWS's other options would change the result and are rejected.
_OPTIONS = {
    "performanceTuning.caching": ("CACHE_NOTHING", "CACHE_INPUT"),
    # Observations are shown in AWS's console and come from statistics of earlier runs.
    "observations.scope": ("ALL", "NONE"),
    "compositeRuleEvaluation.method": ("COLUMN", "ROW"),
    "rowLevelConfiguration.filteredRowLabel": ("PASSED", "SKIPPED"),
    "rowLevelConfiguration.ruleWithLabels": ("DISABLED",),
    "publishAggregatedMetrics.status": ("DISABLED",),
}
_PUBLISHING = (
    *("dataQualityEvaluationContext", "enableDataQualityCloudWatchMetrics", "enableDataQualityResultsPublishing"),
)


class EvaluateDataQuality(GlueTransform):
    """Evaluates rules on a frame: ``apply`` returns rule outcomes, ``process_rows`` row-level outcomes as well."""

    def __call__(
        self,
        frame: Any,
        ruleset: str,
        publishing_options: Mapping[str, Any] | None = None,
        additional_data_sources: Mapping[str, Any] | None = None,
        additional_options: Mapping[str, Any] | None = None,
    ) -> DynamicFrame:
        """Return one record for each rule: Rule, Outcome (Passed or Failed), FailureReason, EvaluatedMetrics.

        Raises BadRuleset for invalid DQDL, NotImplementedError for unsupported DQDL.
        """
        options = _options(additional_options)
        _check_publishing(publishing_options)
        rules, data = parse(ruleset), _data(frame, additional_data_sources, options)
        evaluation = Evaluation(rules, data, by_row=options.get("compositeRuleEvaluation.method") == "ROW")
        return DynamicFrame.fromDF(_frame(data, rules, evaluation.outcomes()), frame.glue_ctx, "ruleOutcomes")

    def process_rows(
        self,
        frame: Any,
        ruleset: str,
        publishing_options: Mapping[str, Any] | None = None,
        additional_options: Mapping[str, Any] | None = None,
        additional_data_sources: Mapping[str, Any] | None = None,
    ) -> DynamicFrameCollection:
        """Return ``ruleOutcomes``, as ``apply`` does, ``rowLevelOutcomes`` and ``originalData``.

        The rows get DataQualityRulesPass, DataQualityRulesFail and DataQualityRulesSkip, lists of rules, and
        DataQualityEvaluationResult. They are computed when the frame is first used.
        """
        options = _options(additional_options)
        _check_publishing(publishing_options)
        rules, data = parse(ruleset), _data(frame, additional_data_sources, options)
        taken = [name for name in COLUMNS if name in data.frame.columns]
        if taken:
            raise ValueError(f"the frame already has a column {taken[0]}: drop it before process_rows")
        evaluation = Evaluation(rules, data, by_row=options.get("compositeRuleEvaluation.method") == "ROW")
        label = SKIPPED if options.get("rowLevelConfiguration.filteredRowLabel") == "SKIPPED" else PASSED
        rows = outcomes(data.frame, [rule.text for rule in rules], evaluation.row_rules(), label)
        frames = {
            "originalData": data.frame,
            "ruleOutcomes": _frame(data, rules, evaluation.outcomes()),
            "rowLevelOutcomes": rows,
        }
        named = {name: DynamicFrame.fromDF(each, frame.glue_ctx, name) for name, each in frames.items()}
        return DynamicFrameCollection(named, frame.glue_ctx)


def _frame(data: Data, rules: list[Rule | Composite], found: list[Outcome]) -> DataFrame:
    records = [
        (rule.text, "Passed" if outcome.passed else "Failed", outcome.reason, dict(outcome.metrics))
        for rule, outcome in zip(rules, found, strict=True)
    ]
    return data.frame.sparkSession.createDataFrame(records, _RESULT).coalesce(1)


def _data(frame: Any, others: Mapping[str, Any] | None, options: Mapping[str, str]) -> Data:
    primary = _dataframe(frame)
    if options.get("performanceTuning.caching") == "CACHE_INPUT":
        primary = primary.cache()
    frames = {alias: _dataframe(each) for alias, each in (others or {}).items()}
    return Data(primary, frames, datetime.now(timezone.utc))


def _dataframe(frame: Any) -> DataFrame:
    if not isinstance(frame, DynamicFrame):
        raise TypeError(f"EvaluateDataQuality expects a DynamicFrame, got {type(frame).__name__}")
    return frame.toDF()


def _options(given: Mapping[str, Any] | None) -> dict[str, str]:
    options = {name: str(value) for name, value in (given or {}).items()}
    for name, value in options.items():
        if name not in _OPTIONS:
            raise NotImplementedError(f"additional_options: {name} is not emulated, use {', '.join(_OPTIONS)}")
        if value not in _OPTIONS[name]:
            raise NotImplementedError(f"{name}: {value} is not emulated, use {', '.join(_OPTIONS[name])}")
    return options


def _check_publishing(given: Mapping[str, Any] | None) -> None:
    for name, value in (given or {}).items():
        if name not in _PUBLISHING:
            raise NotImplementedError(f"publishing_options: {name} is not emulated, use {', '.join(_PUBLISHING)}")
        if name.startswith("enable") and str(value).lower() == "true":
            _LOG.warning("%s is ignored: results are not published locally, they are only in the returned frame", name)
