"""The graph in the annotations of a generated script, as GetDataflowGraph returns it."""

import ast
import re
from typing import Any

from glue_local.core.faults import Invalid
from glue_local.script_generation.python_source import parse

_ANNOTATION = re.compile(r"\s*##\s*@(params|type|args|return|inputs):\s*(.*?)\s*$")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
Located = tuple[int, str]


def graph_of(source: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (DagNodes, DagEdges) of a script, both empty without annotations.

    The LineNumber of a node is that of its ``@type``. Raises Invalid for an annotation that cannot be read, with its line.
    """
    parameters: set[str] = set()
    found: list[dict[str, Located]] = []
    for number, line in enumerate(source.split("\n"), start=1):
        match = _ANNOTATION.match(line)
        if match is None:
            continue
        name, value = match.groups()
        if name == "params":
            parameters |= {each.strip() for each in _inside(value, number).split(",")}
        elif name == "type":
            found.append({name: (number, value)})
        elif not found or name in found[-1]:
            raise Invalid(f"Line {number}: @{name} does not follow the @type of its node.")
        else:
            found[-1][name] = (number, value)
    nodes, edges = [], []
    for annotations in found:
        node = _node(annotations, parameters)
        nodes.append(node)
        edges += _edges(annotations, node["Id"])
    return nodes, edges


def _node(annotations: dict[str, Located], parameters: set[str]) -> dict[str, Any]:
    number, kind = annotations["type"]
    at, name = annotations.get("return", (number, ""))
    if not _IDENTIFIER.match(name):
        raise Invalid(f"Line {at}: the node of type {kind} needs a @return with the name of its variable.")
    arguments = [
        {"Name": argument, "Value": value, "Param": value in parameters}
        for argument, value in _pairs(*annotations.get("args", (number, "[]")))
    ]
    return {"Id": name, "NodeType": kind, "Args": arguments, "LineNumber": number}


def _edges(annotations: dict[str, Located], target: str) -> list[dict[str, Any]]:
    number, _ = annotations["type"]
    inputs = _pairs(*annotations.get("inputs", (number, "[]")))
    return [{"Source": source, "Target": target, "TargetParameter": parameter} for parameter, source in inputs]


def _pairs(number: int, text: str) -> list[tuple[str, str]]:
    """Parse ``[a = 1, b = "x"]`` to names and the source text of their values."""
    source = f"f({_inside(text, number)})"
    invalid = f"Line {number}: not a list of name = value: {text[:200]}"
    tree = parse(source, "eval", invalid)
    called = getattr(tree, "body", None)
    if not isinstance(called, ast.Call) or called.args or any(one.arg is None for one in called.keywords):
        raise Invalid(invalid)
    encoded = source.encode()  # offsets are in bytes
    return [(str(one.arg), _text(encoded, one.value)) for one in called.keywords]


def _text(encoded: bytes, value: ast.expr) -> str:
    return encoded[value.col_offset : value.end_col_offset].decode()


def _inside(text: str, number: int) -> str:
    if not (text.startswith("[") and text.endswith("]")):
        raise Invalid(f"Line {number}: not in square brackets: {text[:200]}")
    return text[1:-1]
