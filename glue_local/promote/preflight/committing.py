"""Whether a script commits its job's bookmark: a connection's commit() is another one."""

import ast
from collections.abc import Iterable, Iterator


def is_committed(trees: Iterable[ast.Module]) -> bool:
    """Tell whether commit() is called on what Job(…) returned; where no Job is made in sight, on what is called job."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    classes = set(_classes(nodes))
    made = [node for node in nodes if _makes_a_job(node, classes)]
    names = set(_named(nodes, classes)) if made else {"job"}
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and (_makes_a_job(node.func.value, classes) or _name(node.func.value) in names)
        for node in nodes
    )


def _classes(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "awsglue":
            yield from (alias.asname or alias.name for alias in node.names if alias.name == "Job")


def _makes_a_job(node: ast.AST, classes: set[str]) -> bool:
    return isinstance(node, ast.Call) and _is_job(node.func, classes)


def _is_job(node: ast.AST | None, classes: set[str]) -> bool:
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) == "awsglue.job.Job" or (isinstance(node.value, ast.Name) and node.attr == "Job")
    return isinstance(node, ast.Name) and node.id in classes


def _named(nodes: list[ast.AST], classes: set[str]) -> Iterator[str]:
    """Yield the names and attributes that hold a job: assigned from one, or an argument that is said to be one."""
    for node in nodes:
        if isinstance(node, ast.Assign) and _makes_a_job(node.value, classes):
            yield from (_name(target) for target in node.targets)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value and _makes_a_job(node.value, classes):
            yield _name(node.target)
        elif isinstance(node, ast.arg) and _is_job(node.annotation, classes):
            yield node.arg


def _name(node: ast.AST) -> str:
    """Return what a name or attribute is called last."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
