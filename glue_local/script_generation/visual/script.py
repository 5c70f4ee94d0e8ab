"""CodeGenConfigurationNodes as one Python script."""

from collections.abc import Mapping, Sequence
from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.script_generation.graph import in_order
from glue_local.script_generation.python_source import CONTEXT, IMPORTS, parse, script
from glue_local.script_generation.visual.combinations import COMBINATIONS, function_of
from glue_local.script_generation.visual.dynamic import dynamic_transform
from glue_local.script_generation.visual.helpers import HELPERS, Helper
from glue_local.script_generation.visual.nodes import Code, VisualNode, variable
from glue_local.script_generation.visual.sources import SOURCES
from glue_local.script_generation.visual.targets import TARGETS
from glue_local.script_generation.visual.transforms import TRANSFORMS

NODE_TYPES = {**SOURCES, **TRANSFORMS, "DynamicTransform": dynamic_transform, **COMBINATIONS, **TARGETS}
"""Each type of node with the function that returns its code."""


def script_of(configuration: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the script of a visual job; raises Invalid for a wrong graph, NotEmulated for a type that is not generated."""
    nodes = _nodes(configuration)
    codes = [(node, NODE_TYPES[node.type](node)) for node in nodes]
    used = dict.fromkeys(name for _, code in codes for name in code.uses)
    helpers = [HELPERS.get(name) or Helper((name,)) for name in used]
    imports = dict.fromkeys(line for helper in helpers for line in helper.imports)
    lines = [*IMPORTS, *imports, ""]
    for source in (*(helper.source for helper in helpers if helper.source), *_functions(nodes)):
        lines += [source, ""]
    lines += ['args = getResolvedOptions(sys.argv, ["JOB_NAME"])', *CONTEXT]
    for node, code in codes:
        lines += _lines(node, code)
    text = script([*lines, "", "job.commit()"])
    parse(text, "exec", "The nodes contain characters that a Python script cannot contain.")
    return text


def _nodes(configuration: Mapping[str, Mapping[str, Any]]) -> list[VisualNode]:
    given = {node_id: _given(node_id, node) for node_id, node in configuration.items()}
    order = in_order({node_id: properties.get("Inputs", []) for node_id, (_, properties) in given.items()})
    nodes: dict[str, VisualNode] = {}
    for node_id in order:
        kind, properties = given[node_id]
        inputs = tuple(nodes[one] for one in properties.get("Inputs", []))
        for one in inputs:
            if one.type in TARGETS:
                raise Invalid(f"Node {node_id} has the input {one.id}, which is a target and has no output.")
        nodes[node_id] = VisualNode(node_id, kind, properties, variable(node_id, properties["Name"]), inputs)
    if len({node.variable for node in nodes.values()}) < len(nodes):
        raise Invalid("Two nodes have the same Name, and ids that differ only by hyphens: rename one.")
    return list(nodes.values())


def _given(node_id: str, node: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if len(node) != 1:
        raise Invalid(f"Node {node_id} must have exactly one type, not {len(node)}.")
    ((kind, properties),) = node.items()
    if kind not in NODE_TYPES:
        raise NotEmulated(f"glue-local does not generate scripts for nodes of type {kind} (node {node_id}).")
    return kind, properties


def _functions(nodes: Sequence[VisualNode]) -> list[str]:
    functions: dict[str, str] = {}
    for node in nodes:
        if node.type == "CustomCode":
            name, source = node.properties["ClassName"], function_of(node)
            if functions.setdefault(name, source) != source:
                raise Invalid(f"Two nodes have different Code with the ClassName {name}: give each its own.")
    return list(functions.values())


def _lines(node: VisualNode, code: Code) -> list[str]:
    return ["", f"# Script generated for node {node.properties['Name']}", *code.lines]
