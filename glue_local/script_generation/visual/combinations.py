"""The transform nodes of several inputs: Join, Union, SparkSQL and CustomCode."""

import keyword
import textwrap
from collections.abc import Callable

from glue_local.core.faults import Invalid
from glue_local.script_generation.python_source import literal, parse
from glue_local.script_generation.visual.nodes import Code, Name, VisualNode, assign, paths
from glue_local.script_generation.visual.transforms import from_rows


def _join(node: VisualNode) -> Code:
    first, second = node.inputs
    by_input = {node.input(one["From"], "Columns").id: one["Keys"] for one in node.properties["Columns"]}
    if set(by_input) != {first.id, second.id} or len({len(keys) for keys in by_input.values()}) != 1:
        raise Invalid(f"Columns of node {node.id} must have equally many Keys of each of its two Inputs.")
    keys1, keys2 = paths(by_input[first.id]), paths(by_input[second.id])
    if not keys1:
        raise Invalid(f"Columns of node {node.id} need at least one of Keys.")
    if node.properties["JoinType"] == "equijoin":
        frames = {"frame1": Name(first.variable), "frame2": Name(second.variable)}
        return Code([assign(node, "Join.apply", **frames, keys1=keys1, keys2=keys2, transformation_ctx=node.variable)])
    left, right = f"{first.variable}DF", f"{second.variable}DF"
    pairs = zip(keys1, keys2, strict=True)
    condition = " & ".join(f"({left}[{literal(one)}] == {right}[{literal(other)}])" for one, other in pairs)
    joined = f"{left}.join({right}, {condition}, {literal(node.properties['JoinType'])})"
    lines = [
        f"{left} = {first.variable}.toDF()",
        f"{right} = {second.variable}.toDF()",
        f"{node.variable} = {from_rows(node, joined)}",
    ]
    return Code(lines, ("DynamicFrame",))


def _union(node: VisualNode) -> Code:
    line = assign(
        node,
        "sparkUnion",
        glueContext=Name("glueContext"),
        unionType=node.properties["UnionType"],
        mapping=_frames({f"source{number}": one for number, one in enumerate(node.inputs, start=1)}),
        transformation_ctx=node.variable,
    )
    return Code([line], ("sparkUnion",))


def _spark_sql(node: VisualNode) -> Code:
    aliases = {one["Alias"]: node.input(one["From"], "SqlAliases") for one in node.properties["SqlAliases"]}
    query = f"SqlQuery_{node.variable}"
    text = node.properties["SqlQuery"].replace("\\", "\\\\").replace("'''", "\\'\\'\\'")
    line = assign(
        node,
        "sparkSqlQuery",
        glueContext=Name("glueContext"),
        query=Name(query),
        mapping=_frames(aliases),
        transformation_ctx=node.variable,
    )
    return Code([f"{query} = '''", *text.split("\n"), "'''", line], ("sparkSqlQuery",))


def _custom_code(node: VisualNode) -> Code:
    frames = _frames({one.variable: one for one in node.inputs})
    line = (
        f"{node.variable} = {node.properties['ClassName']}(glueContext, DynamicFrameCollection({frames}, glueContext))"
    )
    return Code([line], ("DynamicFrameCollection",))


def function_of(node: VisualNode) -> str:
    """Return the function of a CustomCode node, whose Code is the body; raises Invalid if it is no Python."""
    name, code = node.properties["ClassName"], node.properties["Code"]
    if not name.isidentifier() or keyword.iskeyword(name):
        raise Invalid(f"ClassName of node {node.id} must be the name of a Python function, not {name}.")
    body = textwrap.indent(textwrap.dedent(code).strip("\n"), "    ")
    source = f"def {name}(glueContext, dfc) -> DynamicFrameCollection:\n{body}"
    tree = parse(source, "exec", f"Code of node {node.id} is not the body of a Python function.")
    if len(getattr(tree, "body", [])) != 1:
        raise Invalid(f"Code of node {node.id} is not the body of one Python function.")
    return source


def _frames(named: dict[str, VisualNode]) -> Name:
    return Name("{" + ", ".join(f"{literal(alias)}: {one.variable}" for alias, one in named.items()) + "}")


COMBINATIONS: dict[str, Callable[[VisualNode], Code]] = {
    "Join": _join,
    "Union": _union,
    "SparkSQL": _spark_sql,
    "CustomCode": _custom_code,
}
