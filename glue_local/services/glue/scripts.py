"""Scripts that Glue generates, and the graphs in them."""

from typing import Any

from glue_local.core.faults import NotEmulated
from glue_local.script_generation import annotations, dag, mapping, plan
from glue_local.services.context import Context
from glue_local.services.glue.catalog.lookup import find_table


def create_script(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateScript: return {PythonScript} of a graph. Values of arguments are Python source. Errors: InvalidInputException."""
    _only_python(request)
    return {"PythonScript": dag.render(dag.nodes_of(request.get("DagNodes", []), request.get("DagEdges", [])))}


def get_dataflow_graph(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetDataflowGraph: return {DagNodes, DagEdges} from a script's annotations. Errors: InvalidInputException."""
    nodes, edges = annotations.graph_of(request.get("PythonScript", ""))
    return {"DagNodes": nodes, "DagEdges": edges}


def get_mapping(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetMapping: return {Mapping} from a table's columns to those of ``Sinks``, or to themselves.

    ``Location`` does not change it. Errors: EntityNotFoundException.
    """
    source, *sinks = (
        find_table(ctx, entry["DatabaseName"], entry["TableName"])
        for entry in (request["Source"], *request.get("Sinks", []))
    )
    return {"Mapping": mapping.mappings_of(source, sinks)}


def get_plan(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetPlan: return {PythonScript} that maps a table to ``Sinks`` and ``Location``. Errors: InvalidInputException.

    The tables need not exist; as AWS documents, it has no EntityNotFoundException.
    """
    _only_python(request)
    options = request.get("AdditionalPlanOptionsMap", {})
    arguments = (request["Source"], request["Mapping"], request.get("Sinks", []), request.get("Location", {}), options)
    return {"PythonScript": dag.render(plan.plan(*arguments))}


def _only_python(request: dict[str, Any]) -> None:
    if request.get("Language") == "SCALA":
        raise NotEmulated("glue-local does not generate Scala (Language SCALA): use PYTHON.")
