"""Filter's conditions as a Python function of a row."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from glue_local.core.faults import Invalid
from glue_local.script_generation.python_source import literal
from glue_local.script_generation.visual.nodes import VisualNode

_COMPARISONS = {"EQ": "==", "LT": "<", "GT": ">", "LTE": "<=", "GTE": ">="}
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?\Z", re.ASCII)


def function_of(node: VisualNode) -> str:
    """Return the lambda of a Filter node; raises Invalid for a condition that has too few values."""
    conditions = [_condition(node, one) for one in node.properties["Filters"]]
    if not conditions:
        raise Invalid(f"Filters of node {node.id} must have at least one condition.")
    operator = node.properties["LogicalOperator"].lower()
    return f"lambda row: ({f' {operator} '.join(conditions)})"


def uses_regular_expressions(node: VisualNode) -> bool:
    """Return whether a Filter node needs the module re."""
    return any(one["Operation"] == "REGEX" for one in node.properties["Filters"])


def _condition(node: VisualNode, condition: Mapping[str, Any]) -> str:
    operation, values = condition["Operation"], condition["Values"]
    needed = 1 if operation == "ISNULL" else 2
    if len(values) < needed or values[0].get("Type") != "COLUMNEXTRACTED":
        raise Invalid(
            f"Each of Filters of node {node.id} needs a column (COLUMNEXTRACTED) and a value to compare it with."
        )
    column = _column(values[0]["Value"])
    if operation == "ISNULL":
        text = f"{column} is None"
    else:
        other = _value(node, values[1], values[0]["Value"], as_text=operation == "REGEX")
        text = (
            f"bool(re.match({other}, {column}))"
            if operation == "REGEX"
            else f"{column} {_COMPARISONS[operation]} {other}"
        )
    return f"not ({text})" if condition.get("Negated") else text


def _value(node: VisualNode, value: Mapping[str, Any], column: Sequence[str], *, as_text: bool) -> str:
    if value.get("Type") == "COLUMNEXTRACTED":
        return _column(value["Value"])
    text = "".join(value["Value"])
    kind = "string" if as_text else type_of(node.inputs[0], ".".join(column))
    return literal(text) if kind == "string" else _constant(text)


def _column(parts: Sequence[str]) -> str:
    return "row" + "".join(f"[{literal(part.strip('`'))}]" for part in parts)


def _constant(text: str) -> str:
    """Return a number, a boolean, or else text; quotes make a number text."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return literal(text[1:-1])
    if _NUMBER.match(text):
        return text
    return text.capitalize() if text.lower() in ("true", "false") else literal(text)


def type_of(node: VisualNode, column: str) -> str | None:
    """Return the type of a column after a node, if a schema or a mapping before it tells."""
    while True:
        for schema in node.properties.get("OutputSchemas", []):
            for one in schema.get("Columns", []):
                if one["Name"] == column:
                    return str(one.get("Type"))
        if node.type == "ApplyMapping":
            types = [one.get("ToType") for one in node.properties["Mapping"] if one.get("ToKey") == column]
            return types[0] if types else None
        if len(node.inputs) != 1:
            return None
        node = node.inputs[0]
