"""CreateScript's graph as an annotated Python script.

The annotations are those of https://docs.aws.amazon.com/glue/latest/dg/edit-script.html (version of 2017-2020).
"""

import keyword
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from glue_local.core.faults import Invalid
from glue_local.script_generation.graph import in_order
from glue_local.script_generation.python_source import CONTEXT, IMPORTS, NAMES, check_expression, literal, script

SOURCE, SINK = "DataSource", "DataSink"

# The parameters that take a transform's inputs, where they are not just ``frame``.
_INPUTS = {"Join": ("frame1", "frame2"), "Union": ("frame1", "frame2"), "SelectFromCollection": ("dfc",), "MapToCollection": ("dfc",)}  # fmt: skip
_FRAME = ("frame",)

TRANSFORMS = (
    "ApplyMapping", "Coalesce", "DropFields", "DropNullFields", "ErrorsAsDynamicFrame", "Filter", "FlatMap", "Join", "Map",
    "MapToCollection", "Relationalize", "RenameField", "Repartition", "ResolveChoice", "SelectFields", "SelectFromCollection",
    "Spigot", "SplitFields", "SplitRows", "Unbox", "Union", "UnnestFrame",
)  # fmt: skip
"""The node types that are transforms: the classes of awsglue.transforms."""

_WITHOUT_CONTEXT = ("ErrorsAsDynamicFrame",)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)


class Argument(NamedTuple):
    """An argument of a node; its value is Python source, or the name of a job parameter if ``parameter``."""

    name: str
    value: str
    parameter: bool = False


class Node(NamedTuple):
    """A node: its id, which is also its variable, its type, its arguments and its inputs by parameter."""

    id: str
    type: str
    arguments: tuple[Argument, ...]
    inputs: tuple[tuple[str, str], ...] = ()


def nodes_of(dag_nodes: Sequence[dict[str, Any]], dag_edges: Sequence[dict[str, Any]]) -> list[Node]:
    """Return CreateScript's DagNodes and DagEdges as nodes in the order of execution; raises Invalid."""
    by_id = {node["Id"]: node for node in dag_nodes}
    if len(by_id) < len(dag_nodes):
        raise Invalid("The Id of each node must be unique.")
    edges: dict[str, list[dict[str, Any]]] = {node_id: [] for node_id in by_id}
    for edge in dag_edges:
        if edge["Target"] not in edges:
            raise Invalid(f"An edge has the target {edge['Target']}, which is not a node of the graph.")
        edges[edge["Target"]].append(edge)
    order = in_order({node_id: [edge["Source"] for edge in into] for node_id, into in edges.items()})
    return [_node(by_id[node_id], edges[node_id]) for node_id in order]


def render(nodes: Sequence[Node]) -> str:
    """Return the script of nodes in the order of execution; raises Invalid for one that would not run."""
    parameters = sorted({one.value for node in nodes for one in node.arguments if one.parameter} - {"JOB_NAME"})
    resolved = ", ".join(f"'{name}'" for name in (*parameters, "JOB_NAME"))
    lines = [
        *IMPORTS,
        "",
        f"## @params: [{', '.join((*parameters, 'JOB_NAME'))}]",
        f"args = getResolvedOptions(sys.argv, [{resolved}])",
        "",
        *CONTEXT,
    ]
    for node in nodes:
        lines += _lines(node)
    return script([*lines, "job.commit()"])


def _node(node: dict[str, Any], edges: Sequence[dict[str, Any]]) -> Node:
    name, kind = node["Id"], node["NodeType"]
    if kind not in (SOURCE, SINK, *TRANSFORMS):
        raise Invalid(f"Node {name} has the unknown type {kind}: use {SOURCE}, {SINK} or {', '.join(TRANSFORMS)}.")
    if keyword.iskeyword(name) or name in NAMES or name in TRANSFORMS:
        raise Invalid(f"{name} is a name of the script itself: use another Id.")
    arguments = [_argument(name, each) for each in node["Args"]]
    given = {one.name for one in arguments}
    if len(given) < len(arguments):
        raise Invalid(f"Node {name} has an argument twice.")
    if "transformation_ctx" not in given and kind not in _WITHOUT_CONTEXT:
        arguments.append(Argument("transformation_ctx", literal(name)))
    if kind in (SOURCE, SINK):
        _connection(name, given)
    return Node(name, kind, tuple(arguments), _inputs(name, kind, given, edges))


def _argument(node: str, argument: dict[str, Any]) -> Argument:
    name, value, parameter = argument["Name"], argument["Value"], bool(argument.get("Param"))
    if not _IDENTIFIER.match(name) or keyword.iskeyword(name):
        raise Invalid(f"Argument {name} of node {node} is not the name of a Python argument.")
    if parameter and not _IDENTIFIER.match(value):
        raise Invalid(f"Argument {name} of node {node} has Param, so its value must name a job parameter.")
    check_expression(value, f"Argument {name} of node {node}")
    return Argument(name, value.strip(), parameter)


def _connection(node: str, given: set[str]) -> None:
    if {"database", "table_name"} <= given or given & {"connection_type", "catalog_connection"}:
        return
    raise Invalid(f"Node {node} needs the arguments database and table_name, connection_type, or catalog_connection.")


def _inputs(node: str, kind: str, given: set[str], edges: Sequence[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    names = () if kind == SOURCE else _INPUTS.get(kind, _FRAME)
    if len(edges) != len(names):
        raise Invalid(f"Node {node} of type {kind} must have {len(names)} edges into it, not {len(edges)}.")
    free = [name for name in names if name not in {edge.get("TargetParameter") for edge in edges}]
    inputs = {edge.get("TargetParameter") or free.pop(0): edge["Source"] for edge in edges}
    if set(inputs) != set(names) or given & set(names):
        raise Invalid(f"The edges into node {node} of type {kind} must be its {', '.join(names)}, each once.")
    return tuple((name, inputs[name]) for name in names)


def _lines(node: Node) -> list[str]:
    annotated = ", ".join(f"{one.name} = {one.value}" for one in node.arguments)
    inputs = ", ".join(f"{name} = {source}" for name, source in node.inputs)
    passed = [f"{name} = {source}" for name, source in node.inputs]
    passed += [f"{_parameter(node, one.name)} = {_value(one)}" for one in node.arguments]
    return [
        f"## @type: {node.type}",
        f"## @args: [{annotated}]",
        f"## @return: {node.id}",
        f"## @inputs: [{inputs}]",
        f"{node.id} = {_function(node)}({', '.join(passed)})",
    ]


def _parameter(node: Node, argument: str) -> str:
    # AWS's annotations of ApplyMapping say ``mapping``, its method has ``mappings``.
    return "mappings" if (node.type, argument) == ("ApplyMapping", "mapping") else argument


def _value(argument: Argument) -> str:
    return f'args["{argument.value}"]' if argument.parameter else argument.value


def _function(node: Node) -> str:
    if node.type not in (SOURCE, SINK):
        return f"{node.type}.apply"
    names = {one.name for one in node.arguments}
    if "catalog_connection" in names and node.type == SINK:
        method = "from_jdbc_conf"
    else:
        method = "from_options" if "connection_type" in names else "from_catalog"
    return f"glueContext.{'create' if node.type == SOURCE else 'write'}_dynamic_frame.{method}"
