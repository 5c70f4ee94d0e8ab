"""Find out whether a script commits its job's bookmark, as opposed to a connection's commit()."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class _Known:
    """The callables that return a job and the names that refer to one, by the last part of their names."""

    makers: frozenset[str]
    names: frozenset[str] = frozenset()

    def is_made(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and _name(node.func) in self.makers

    def is_job(self, node: ast.AST | None) -> bool:
        """Return whether a node is a job, or a tuple that contains one."""
        if isinstance(node, ast.Tuple):
            return any(self.is_job(element) for element in node.elts)
        return node is not None and (self.is_made(node) or _name(node) in self.names)


def is_committed(trees: Iterable[ast.Module]) -> bool:
    """Return whether commit() is called on the result of Job(…), also across functions and their arguments.

    If no Job is created in the sources, a variable named job is assumed to be one.
    """
    nodes = [node for tree in trees for node in ast.walk(tree)]
    known, more = None, _Known(frozenset({"Job", *_imported(nodes)}))
    while more != known:
        known = more
        more = _Known(known.makers | set(_makers(nodes, known)), known.names | set(_names(nodes, known)))
    if not any(more.is_made(node) for node in nodes):
        more = _Known(more.makers, frozenset({"job"}))
    return any(more.is_job(receiver) for receiver in _committed(nodes))


def _committed(nodes: list[ast.AST]) -> Iterator[ast.AST]:
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield node.func.value


def _imported(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            yield from (alias.asname for alias in node.names if alias.name == "Job" and alias.asname)


def _makers(nodes: list[ast.AST], known: _Known) -> Iterator[str]:
    """Yield the subclasses of Job and the functions that return a job."""
    for node in nodes:
        if isinstance(node, ast.ClassDef) and any(_name(base) in known.makers for base in node.bases):
            yield node.name
        elif isinstance(node, ast.FunctionDef):
            returned = (each.value for each in ast.walk(node) if isinstance(each, ast.Return))
            yield from (node.name for value in returned if known.is_job(value))


def _names(nodes: list[ast.AST], known: _Known) -> Iterator[str]:
    """Yield the names that are assigned a job, annotated as one, or passed one as an argument."""
    functions = {node.name: node.args for node in nodes if isinstance(node, ast.FunctionDef)}
    for node in nodes:
        if isinstance(node, ast.Assign) and known.is_job(node.value):
            yield from (_name(each) for target in node.targets for each in _parts(target))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and known.is_job(node.value):
            yield _name(node.target)
        elif isinstance(node, ast.arg) and node.annotation and _name(node.annotation) in known.makers:
            yield node.arg
        elif isinstance(node, ast.Call) and _name(node.func) in functions:
            yield from _given(node, functions[_name(node.func)], known)


def _given(call: ast.Call, arguments: ast.arguments, known: _Known) -> Iterator[str]:
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args) if each.arg != "self"]
    yield from (name for name, value in zip(names, call.args, strict=False) if known.is_job(value))
    yield from (each.arg for each in call.keywords if each.arg and known.is_job(each.value))


def _parts(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _name(node: ast.AST) -> str:
    """Return a name, or the last part of an attribute."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
