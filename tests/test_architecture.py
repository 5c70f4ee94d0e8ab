"""The rules of docs/architecture.md that no other tool enforces."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for each in ("glue_local/**", "awsglue*/**", "jobs") for path in ROOT.glob(f"{each}/*.py"))
OURS = ("glue_local", "awsglue", "awsgluedq", "awsglueml")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {name(path): ast.parse(path.read_text()) for path in SOURCES}


def test_files_stay_small() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: n for path, n in lengths.items() if n > 400} == {}
    assert statistics.median(lengths.values()) <= 110


def test_functions_stay_small(trees: dict[str, ast.Module]) -> None:
    lengths = {
        f"{path}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path, tree in trees.items()
        for function in functions(tree)
    }
    assert {where: n for where, n in lengths.items() if n > 50} == {}
    assert statistics.median(lengths.values()) <= 10


def test_no_import_of_ours_hides_in_a_function(trees: dict[str, ast.Module]) -> None:
    hidden = [
        f"{path}:{inner.lineno}"
        for path, tree in trees.items()
        for function in functions(tree)
        for inner in ast.walk(function)
        if (isinstance(inner, ast.ImportFrom) and (inner.level or (inner.module or "").split(".")[0] in OURS))
        or (isinstance(inner, ast.Import) and inner.names[0].name.split(".")[0] in OURS)
    ]
    # A driver warms the script's first import up, and drivers in the official image have another awsglue or none.
    assert [where for where in hidden if not where.startswith("glue_local/worker/driver.py")] == []


IMPORTS_BY_NAME = ("import_module", "__import__", "find_spec", "run_module")


def test_imports_within_awsglue_are_relative(trees: dict[str, ast.Module]) -> None:
    # A worker loads it under another name beside an awsglue that is not ours (glue_local/worker/our_awsglue.py).
    imported = [
        (f"{path}:{node.lineno}", isinstance(node, ast.ImportFrom) and node.level > 0, name)
        for path, tree in trees.items()
        if path.startswith("awsglue/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    ]
    assert any(relative for _, relative, _ in imported)
    assert [where for where, relative, name in imported if not relative and name.split(".")[0] == "awsglue"] == []
    named = [
        f"{path}:{node.lineno}"
        for path, tree in trees.items()
        if path.startswith("awsglue/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in IMPORTS_BY_NAME
    ]
    assert named == [], "a name that is computed is not known to be relative"


# Processes that are handed their settings by the environment, and the server that hands its own on to them.
READERS_OF_THE_ENVIRONMENT = (
    "glue_local/settings.py",
    "glue_local/server.py",
    "glue_local/worker/",
    "awsglue/",
    "jobs/",
)


def test_the_environment_is_read_in_one_place(trees: dict[str, ast.Module]) -> None:
    readers = {
        path
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and not path.startswith(READERS_OF_THE_ENVIRONMENT)
    }
    # moto is configured through the environment only.
    assert readers == {"glue_local/backend/embedded.py"}


# The worker and scripts have their own: they run where glue_local is not.
MAKERS_OF_CLIENTS = ("glue_local/clients.py", "glue_local/worker/", "awsglue/", "jobs/")


def test_one_module_makes_clients(trees: dict[str, ast.Module]) -> None:
    makers = {
        path
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any("boto3" in part for part in [getattr(node, "module", None) or "", *(a.name for a in node.names)])
        and not path.startswith(MAKERS_OF_CLIENTS)
    }
    assert makers == set()


def test_the_tests_mirror_the_tree() -> None:
    packages = {path.parent.name for path in ROOT.glob("glue_local/*/__init__.py")} | {*OURS[1:]}
    services = {f"services/{path.parent.name}" for path in ROOT.glob("glue_local/services/*/__init__.py")}
    unmirrored = {
        package for package in packages | services if not any((ROOT / "tests" / package).glob("**/test_*.py"))
    }
    assert unmirrored == set()
