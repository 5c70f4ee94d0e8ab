"""DynamicTransform: Glue Studio's own transforms (``gs_…``) and custom visual transforms, which are methods of frames."""

import json
import keyword
import re
from collections.abc import Mapping
from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.script_generation.visual.nodes import Code, VisualNode, assign

_MODULE = re.compile(r"(?:.*/)?([A-Za-z_]\w*)\.(?:py|json)\Z", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


def dynamic_transform(node: VisualNode) -> Code:
    """Return the call of a method; its module must be one of the job's ``--extra-py-files``."""
    given = node.properties
    function = given["FunctionName"]
    if not function.isidentifier() or keyword.iskeyword(function):
        raise Invalid(f"FunctionName of node {node.id} must be the name of a Python function, not {function}.")
    found = _MODULE.match(given["Path"])
    arguments = {one["Name"]: _value(node, one) for one in given.get("Parameters", []) if one.get("Value")}
    for name in arguments:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise Invalid(f"Parameter {name} of node {node.id} is not the name of a Python argument.")
    module = found.group(1) if found else function
    return Code([assign(node, f"{node.frame}.{function}", **arguments)], (f"import {module}",))


def _value(node: VisualNode, parameter: Mapping[str, Any]) -> Any:
    kind, values = parameter["Type"], parameter["Value"]
    if kind == "list":
        return [_typed(node, parameter, parameter.get("ListType", "str"), one) for one in values]
    return _typed(node, parameter, kind, values[0])


def _typed(node: VisualNode, parameter: Mapping[str, Any], kind: str, text: str) -> Any:
    if kind == "complex":
        raise NotEmulated(f"glue-local does not generate parameters of the type complex (node {node.id}).")
    try:
        if kind == "bool":
            return _BOOLEANS[text.lower()]
        if kind in ("int", "float"):
            return {"int": int, "float": float}[kind](json.loads(text))
    except (KeyError, ValueError, TypeError, OverflowError):
        raise Invalid(f"Parameter {parameter['Name']} of node {node.id} must be of type {kind}, not {text}.") from None
    return None if kind == "null" else text
