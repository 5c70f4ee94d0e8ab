"""The rule types of DQDL as data: how many parameters each takes, whether a condition, and which are not here.

Page: https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types.html
"""

from dataclasses import dataclass

from awsgluedq.ruleset import Rule

_ANY = 99


@dataclass(frozen=True)
class RuleType:
    """``condition``: True is needed, False is not taken, None may be given."""

    least: int = 1
    most: int = 1
    condition: bool | None = True
    where: bool = True
    threshold: bool = False

    def wrong(self, rule: Rule) -> str:
        """Return what is wrong with a rule of this type, empty when nothing is."""
        if not self.least <= len(rule.parameters) <= self.most:
            return f"it takes {self.least} parameters, not {len(rule.parameters)}"
        if self.condition is True and rule.condition is None:
            return "it needs a condition"
        if self.condition is False and rule.condition is not None:
            return "it takes no condition"
        if rule.where is not None and not self.where:
            return "it takes no where"
        if rule.threshold is not None and not self.threshold:
            return "it takes no threshold"
        if rule.threshold is not None and self.condition is None and rule.condition is not None:
            return "it takes a condition or a threshold, not both"
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
    # AWS's page on composite rules gives it a column, which counts for nothing.
    "RowCount": RuleType(0, 1),
    "RowCountMatch": RuleType(where=False),
    "SchemaMatch": RuleType(where=False),
    "StandardDeviation": RuleType(),
    "Sum": RuleType(),
    "Uniqueness": RuleType(1, _ANY),
    "UniqueValueRatio": RuleType(),
}

# AWS's pages spell it both ways.
ALIASES = {"CustomSQL": "CustomSql"}

_HISTORY = "it learns from earlier runs, and none are kept"
_FILES = "it looks at files, not at the frame"
ABSENT = {
    "AllStatistics": _HISTORY,
    "DetectAnomalies": _HISTORY,
    "Distribution": _HISTORY,
    "FileFreshness": _FILES,
    "FileMatch": _FILES,
    "FileSize": _FILES,
    "FileUniqueness": _FILES,
}
