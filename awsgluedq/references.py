"""Rules that compare a frame with other frames, and CustomSql.

Pages: https://docs.aws.amazon.com/glue/latest/dg/dqdl-rule-types-<RuleType>.html
"""

import re
from collections.abc import Callable
from functools import reduce

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from awsgluedq.outcome import Outcome, failed, judged, ratio
from awsgluedq.plan import Data, Plan, quoted
from awsgluedq.ruleset import Condition, Operand, Rule

_ALL = Condition("=", (Operand("number", 1.0),))
_AGGREGATION = re.compile(r"\s*(sum|avg)\s*\(\s*(?:([^.()]+)\.)?([^()]+?)\s*\)\s*")
_NO_KEY = "Provided key map not suitable for given data frames"
_NO_COLUMN = (
    "The output from CustomSQL must contain at least one column that matches the input dataset for AWS Glue Data"
    " Quality to provide row level results. The SQL query is a valid query but the columns from the SQL result are not"
    " present in the Input Dataset. Ensure that matching columns are returned from the SQL."
)


def row_count_match(rule: Rule, data: Data) -> Plan:
    """RowCountMatch: the ratio of the frame's row count to the other's."""
    (alias,), condition = rule.parameters, _needed(rule)
    if alias not in data.others:
        return Plan.of(_unknown(alias))
    metric, counted = f"Dataset.{alias}.RowCountMatch", {"rows": F.count(F.lit(1))}
    return Plan(lambda v: judged(metric, ratio(v["rows"], data.others[alias].count()), condition), counted)


def schema_match(rule: Rule, data: Data) -> Plan:
    """SchemaMatch: the fraction of all columns that both frames have with the same name and type."""
    (alias,) = rule.parameters
    if alias not in data.others:
        return Plan.of(_unknown(alias))
    ours, theirs = ({f.name: f.dataType for f in frame.schema.fields} for frame in (data.frame, data.others[alias]))
    names = ours.keys() | theirs.keys()
    equal = [name for name in names if name in ours and ours[name] == theirs.get(name)]
    return Plan.of(judged(f"Dataset.{alias}.SchemaMatch", ratio(len(equal), len(names)), _needed(rule)))


def aggregate_match(rule: Rule, data: Data) -> Plan:
    """AggregateMatch: the ratio of the first aggregation to the second; nulls are ignored."""
    condition, sides = _needed(rule), []
    for text in rule.parameters:
        match = _AGGREGATION.fullmatch(text)
        if match is None:
            return Plan.of(failed(f"invalid aggregation {text!r}: use sum(column) or avg(alias.column)"))
        function, alias, column = match.groups()
        frame = data.others.get(alias) if alias else data.frame
        if frame is None:
            return Plan.of(_unknown(alias))
        if column not in frame.columns:
            return Plan.of(failed(f"Input data does not include column {column}!"))
        sides.append((frame, F.sum(quoted(column)) if function == "sum" else F.avg(quoted(column)), column))
    (_, _, one), (_, _, other) = sides
    metric = f"Column.{one if one == other else f'[{one},{other}]'}.AggregateMatch"

    def judge(_: object) -> Outcome:
        first, second = (frame.agg(value.cast("double").alias("v")).first() for frame, value, _ in sides)
        return judged(metric, ratio(first and first.v, second and second.v), condition)

    return Plan(judge)


def referential_integrity(rule: Rule, data: Data) -> Plan:
    """ReferentialIntegrity: the fraction of rows whose values exist in the other frame."""
    condition, ours = _needed(rule), _names(rule.parameters[0])
    alias, _, columns = rule.parameters[1].partition(".")
    theirs = _names(columns.strip().removeprefix("{").removesuffix("}"))
    other = data.others.get(alias)
    if other is None:
        return Plan.of(_unknown(alias))
    absent = data.lacking(*ours) or Data(other, {}, data.now).lacking(*theirs)
    if absent or len(ours) != len(theirs):
        return Plan.of(failed(absent or f"{rule.kind} needs the same number of columns on both sides"))
    keys = other.select(*(quoted(name).alias(f"__k{at}") for at, name in enumerate(theirs))).distinct()

    def rows_of(frame: DataFrame, result: str) -> DataFrame:
        on = reduce(lambda a, b: a & b, (quoted(name) == F.col(f"__k{at}") for at, name in enumerate(ours)))
        return _marked(frame, keys, on, result)

    metric = f"Column.{alias}.ReferentialIntegrity"
    return Plan(lambda _: judged(metric, _share(rows_of, data.frame), condition), rows_of=rows_of, by_ratio=True)


def dataset_match(rule: Rule, data: Data) -> Plan:
    """DatasetMatch: the fraction of rows with the same key and values in the other frame."""
    condition, alias = _needed(rule), rule.parameters[0]
    other = data.others.get(alias)
    if other is None:
        return Plan.of(_unknown(alias))
    keys = _mapping(rule.parameters[1])
    rest = {name: name for name in data.frame.columns if name not in keys}
    values = _mapping(rule.parameters[2]) if len(rule.parameters) == 3 else rest
    absent = data.lacking(*keys, *values) or Data(other, {}, data.now).lacking(*keys.values(), *values.values())
    if absent:
        return Plan.of(failed(absent))
    renamed = [quoted(b).alias(f"__k{at}") for at, b in enumerate([*keys.values(), *values.values()])]
    theirs = other.select(*renamed)
    on = reduce(
        lambda a, b: a & b,
        (quoted(name).eqNullSafe(F.col(f"__k{at}")) for at, name in enumerate([*keys, *values])),
    )

    def rows_of(frame: DataFrame, result: str) -> DataFrame:
        return _marked(frame, theirs, on, result)

    def judge(_: object) -> Outcome:
        if not (_is_key(data.frame, list(keys)) and _is_key(other, list(keys.values()))):
            return failed(_NO_KEY)
        return judged(f"Dataset.{alias}.DatasetMatch", _share(rows_of, data.frame), condition)

    return Plan(judge, rows_of=rows_of, by_ratio=True)


def custom_sql(rule: Rule, data: Data) -> Plan:
    """CustomSql: a number that the condition checks, or the rows that pass."""
    session = data.frame.sparkSession
    for alias, frame in {**data.others, "primary": data.frame}.items():
        frame.createOrReplaceTempView(alias)
    try:
        answer = session.sql(rule.parameters[0])
        if rule.condition is not None:
            condition, first = rule.condition, answer.first()
            value = float("nan") if first is None or first[0] is None else float(first[0])
            return Plan.of(judged("Dataset.*.CustomSQL", value, condition))
    except AnalysisException as error:
        return Plan.of(failed(str(error)))
    finally:
        for alias in (*data.others, "primary"):
            session.catalog.dropTempView(alias)
    names = [name for name in answer.columns if name in data.frame.columns]
    if not names:
        return Plan.of(failed(_NO_COLUMN))
    passed = answer.select(*(quoted(name).alias(f"__k{at}") for at, name in enumerate(names))).distinct()

    def rows_of(frame: DataFrame, result: str) -> DataFrame:
        on = reduce(lambda a, b: a & b, (quoted(n).eqNullSafe(F.col(f"__k{at}")) for at, n in enumerate(names)))
        return _marked(frame, passed, on, result)

    def judge(_: object) -> Outcome:
        return judged("Dataset.*.CustomSQL.Compliance", _share(rows_of, data.frame), rule.threshold or _ALL)

    return Plan(judge, rows_of=rows_of, by_ratio=rule.threshold is not None)


def _marked(frame: DataFrame, keys: DataFrame, on: Column, result: str) -> DataFrame:
    """Add a column that is true if a row's key is in ``keys``, which are distinct."""
    found = frame.join(keys.withColumn("__found", F.lit(True)), on, "left")
    return found.select(*(quoted(name) for name in frame.columns), F.col("__found").isNotNull().alias(result))


def _share(rows_of: Callable[[DataFrame, str], DataFrame], frame: DataFrame) -> float:
    counts = rows_of(frame, "__met").agg(F.count(F.when(F.col("__met"), 1)).alias("met"), F.count("*").alias("rows"))
    found = counts.first()
    return ratio(found and found.met, found and found.rows)


def _is_key(frame: DataFrame, columns: list[str]) -> bool:
    grouped = frame.groupBy(*(quoted(name) for name in columns)).count()
    null = reduce(lambda a, b: a | b, (quoted(name).isNull() for name in columns))
    return bool(grouped.where((F.col("count") > 1) | null).isEmpty())


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _mapping(text: str) -> dict[str, str]:
    pairs = (pair.partition("->") for pair in _names(text))
    return {ours.strip(): (theirs.strip() or ours.strip()) for ours, _, theirs in pairs}


def _unknown(alias: str) -> Outcome:
    return failed(f"unknown data source {alias}: add it to additional_data_sources")


def _needed(rule: Rule) -> Condition:
    if rule.condition is None:
        raise ValueError(f"{rule.text} has no condition")
    return rule.condition
