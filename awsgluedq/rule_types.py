"""DQDL's rule types: number of parameters, condition, threshold, and which types are not emulated.

Page: https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types.html
"""

from dataclasses import dataclass

from awsgluedq.ruleset import Rule

_ANY = 99


@dataclass(frozen=True)
class RuleType:
    """``condition``: True is required, False is not allowed, None is optional."""

    least: int = 1
    most: int = 1
    condition: bool | None = True
    where: bool = True
    threshold: bool = False

    def wrong(self, rule: Rule) -> str:
        """Return the first error in a rule of this type; empty if it is valid."""
        if not self.least <= len(rule.parameters) <= self.most:
            return f"expected {self.least} parameters, got {len(rule.parameters)}"
        if self.condition is True and rule.condition is None:
            return "a condition is required"
        if self.condition is False and rule.condition is not None:
            return "a condition is not allowed"
        if rule.where is not None and not self.where:
            return "where is not allowed"
        if rule.threshold is not None and not self.threshold:
            return "a threshold is not allowed"
        if rule.threshold is not None and self.condition is None and rule.condition is not None:
            return "use a condition or a threshold, not both"
        return ""


RULE_TYPES: dict[str, RuleType] = {
    "AggregateMatch": RuleType(2, 2, where=False),
    "ColumnCorrelation": RuleType(2, 2),
    "ColumnCount": RuleType(0, 0, where=False),
    "ColumnDataType": RuleType(threshold=True),
    "ColumnExists": RuleType(condition=False, where=False),
    "ColumnLength": RuleType(threshold=True),
    "ColumnNamesMatchPattern": RuleType(condition=False),
    "ColumnValues": RuleType(threshold=True),
    "Completeness": RuleType(),
    "CustomSql": RuleType(condition=None, where=False, threshold=True),
    "DataFreshness": RuleType(threshold=True),
    "DatasetMatch": RuleType(2, 3, where=False),
    "DistinctValuesCount": RuleType(),
    "Entropy": RuleType(),
    "IsComplete": RuleType(condition=False),
    "IsPrimaryKey": RuleType(1, _ANY, condition=False),
    "IsUnique": RuleType(condition=False),
    "Mean": RuleType(),
    "ReferentialIntegrity": RuleType(2, 2, where=False),
    # AWS's page on composite rules passes it a column, which is ignored.
    "RowCount": RuleType(0, 1),
    "RowCountMatch": RuleType(where=False),
    "SchemaMatch": RuleType(where=False),
    "StandardDeviation": RuleType(),
    "Sum": RuleType(),
    "Uniqueness": RuleType(1, _ANY),
    "UniqueValueRatio": RuleType(),
}

# AWS's pages use both spellings.
ALIASES = {"CustomSQL": "CustomSql"}

_HISTORY = "it needs statistics of earlier runs"
_FILES = "it checks files, not the frame"
ABSENT = {
    "AllStatistics": _HISTORY,
    "DetectAnomalies": _HISTORY,
    "Distribution": _HISTORY,
    "FileFreshness": _FILES,
    "FileMatch": _FILES,
    "FileSize": _FILES,
    "FileUniqueness": _FILES,
}
