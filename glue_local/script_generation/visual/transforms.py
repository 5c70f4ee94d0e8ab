"""The transform nodes of one input."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from glue_local.core.faults import Invalid
from glue_local.script_generation.python_source import literal
from glue_local.script_generation.visual.filters import function_of, uses_regular_expressions
from glue_local.script_generation.visual.nodes import Code, Name, VisualNode, assign, path, paths

_NULL_STRINGS = {"IsEmpty": "", "IsNullString": "null"}
_INTEGERS = ("byte", "short", "int", "integer", "long", "bigint", "number")


def _transform(name: str, arguments: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Callable[[VisualNode], Code]:
    """Return the code of a class of awsglue.transforms whose arguments depend on the node's properties only."""

    def code(node: VisualNode) -> Code:
        given = arguments(node.properties)
        return Code([assign(node, f"{name}.apply", frame=Name(node.frame), **given, transformation_ctx=node.variable)])

    return code


def _mappings(mapping: Sequence[Mapping[str, Any]], above: Sequence[str] = (), target: str = "") -> list[Any]:
    """Return ApplyMapping's tuples; the paths of Children continue that of their parent."""
    found: list[Any] = []
    for one in mapping:
        source = [*above, *one.get("FromPath", [])]
        key = target + (one.get("ToKey") or path(one.get("FromPath", [])))
        if one.get("Dropped"):
            continue
        if one.get("Children"):
            found += _mappings(one["Children"], source, f"{key}.")
        elif not source:
            raise Invalid("Each Mapping of ApplyMapping needs a FromPath.")
        else:
            kind = one.get("FromType") or "string"
            found.append((path(source), kind, key, one.get("ToType") or kind))
    return found


def _filter(node: VisualNode) -> Code:
    line = assign(
        node, "Filter.apply", frame=Name(node.frame), f=Name(function_of(node)), transformation_ctx=node.variable
    )
    return Code([line], ("re",) if uses_regular_expressions(node) else ())


def _drop_duplicates(node: VisualNode) -> Code:
    columns = [".".join(parts) for parts in node.properties.get("Columns", [])]
    rows = f"{node.frame}.toDF().dropDuplicates({literal(columns) if columns else ''})"
    return Code([f"{node.variable} = {from_rows(node, rows)}"], ("DynamicFrame",))


def from_rows(node: VisualNode, rows: str) -> str:
    """Return the expression that makes a DynamicFrame of a DataFrame."""
    return f'DynamicFrame.fromDF({rows}, glueContext, "{node.variable}")'


def _drop_null_fields(node: VisualNode) -> Code:
    boxes, texts = node.properties.get("NullCheckBoxList") or {}, node.properties.get("NullTextList") or []
    strings = [text for box, text in _NULL_STRINGS.items() if boxes.get(box)]
    integers = [-1] if boxes.get("IsNegOne") else []
    for one in texts:
        if one["Datatype"]["Id"].lower() in _INTEGERS:
            integers.append(_integer(node, one["Value"]))
        else:
            strings.append(one["Value"])
    frame = Name(node.frame)
    if not strings and not integers:
        return Code([assign(node, "DropNullFields.apply", frame=frame, transformation_ctx=node.variable)])
    sets = {"nullStringSet": strings, "nullIntegerSet": integers}
    line = assign(
        node, "drop_nulls", glueContext=Name("glueContext"), frame=frame, **sets, transformation_ctx=node.variable
    )
    return Code([line], ("drop_nulls",))


def _integer(node: VisualNode, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Invalid(f"NullTextList of node {node.id} has the value {text}, which is not a whole number.") from None


def _fill_missing_values(node: VisualNode) -> Code:
    given = node.properties
    output = {"output_column": given["FilledPath"]} if given.get("FilledPath") else {}
    line = assign(
        node,
        "FillMissingValues.apply",
        frame=Name(node.frame),
        missing_values_column=given["ImputedPath"],
        **output,
        transformation_ctx=node.variable,
    )
    return Code([line], ("FillMissingValues",))


def _split_fields(node: VisualNode) -> Code:
    line = assign(
        node,
        "SplitFields.apply",
        frame=Name(node.frame),
        paths=paths(node.properties["Paths"]),
        name1=f"{node.variable}0",
        name2=f"{node.variable}1",
        transformation_ctx=node.variable,
    )
    return Code([line])


def _select_from_collection(node: VisualNode) -> Code:
    key = Name(f"list({node.frame}.keys())[{node.properties['Index']}]")
    return Code(
        [assign(node, "SelectFromCollection.apply", dfc=Name(node.frame), key=key, transformation_ctx=node.variable)]
    )


def _spigot(given: Mapping[str, Any]) -> Mapping[str, Any]:
    options = {"topk": given.get("Topk"), "prob": given.get("Prob")}
    return {"path": given["Path"], "options": {key: value for key, value in options.items() if value is not None}}


def _aggregate(node: VisualNode) -> Code:
    line = assign(
        node,
        "sparkAggregate",
        glueContext=Name("glueContext"),
        parentFrame=Name(node.frame),
        groups=paths(node.properties["Groups"]),
        aggs=[[path(one["Column"]), one["AggFunc"]] for one in node.properties["Aggs"]],
        transformation_ctx=node.variable,
    )
    return Code([line], ("sparkAggregate",))


TRANSFORMS: dict[str, Callable[[VisualNode], Code]] = {
    "ApplyMapping": _transform("ApplyMapping", lambda given: {"mappings": _mappings(given["Mapping"])}),
    "SelectFields": _transform("SelectFields", lambda given: {"paths": paths(given["Paths"])}),
    "DropFields": _transform("DropFields", lambda given: {"paths": paths(given["Paths"])}),
    "RenameField": _transform(
        "RenameField", lambda given: {"old_name": path(given["SourcePath"]), "new_name": path(given["TargetPath"])}
    ),
    "Filter": _filter,
    "DropDuplicates": _drop_duplicates,
    "DropNullFields": _drop_null_fields,
    "FillMissingValues": _fill_missing_values,
    "SplitFields": _split_fields,
    "SelectFromCollection": _select_from_collection,
    "Spigot": _transform("Spigot", _spigot),
    "Aggregate": _aggregate,
}
