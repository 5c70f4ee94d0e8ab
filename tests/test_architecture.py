"""The structural rules in docs/development/invariants.md that no other tool enforces, and that table itself."""

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.loaders import Loader

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for each in ("glue_local/**", "awsglue*/**", "jobs") for path in ROOT.glob(f"{each}/*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = ("glue_local", "awsglue", "awsgluedq", "awsglueml")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {name(path): ast.parse(path.read_text()) for path in SOURCES}


def test_files_are_small() -> None:
    lengths = {name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {path: n for path, n in lengths.items() if n > 400} == {}
    assert statistics.median(lengths.values()) <= 110


def test_functions_are_small(trees: dict[str, ast.Module]) -> None:
    lengths = {
        f"{path}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path, tree in trees.items()
        for function in functions(tree)
    }
    assert {where: n for where, n in lengths.items() if n > 50} == {}
    assert statistics.median(lengths.values()) <= 10


def test_wire_names_no_service(trees: dict[str, ast.Module]) -> None:
    services = set(Loader().list_available_services("service-2")) | {"states", "monitoring", "tagging"}
    services.discard("location")  # also a key of botocore's shapes
    named = [
        f"{path}:{node.lineno} {node.value}"
        for path, tree in trees.items()
        if path.startswith("glue_local/wire/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in services
    ]
    assert named == []


MOST_MODULES = 15
LARGE_FOLDERS = {
    "awsglue": "the modules that scripts import by AWS's names",
    "awsglue/sources": "one module for each connection and format, and what they share",
    "awsglue/transforms": "one module for each transform",
    "glue_local/backend/moto_patches": "one module for each service, and what they share",
    "glue_local/query/ddl": "one module for each statement",
}


def test_folders_are_small() -> None:
    """A folder has at most 15 modules beside each other, unless it is listed with the reason."""
    modules: dict[str, int] = {}
    for path in (*SOURCES, *TESTS):
        if not path.stem.startswith("__"):
            folder = name(path.parent)
            modules[folder] = modules.get(folder, 0) + 1
    assert {folder for folder, count in modules.items() if count > MOST_MODULES} == set(LARGE_FOLDERS)


def test_no_import_of_ours_hides_in_a_function(trees: dict[str, ast.Module]) -> None:
    hidden = [
        f"{path}:{inner.lineno}"
        for path, tree in trees.items()
        for function in functions(tree)
        for inner in ast.walk(function)
        if (isinstance(inner, ast.ImportFrom) and (inner.level or (inner.module or "").split(".")[0] in OURS))
        or (isinstance(inner, ast.Import) and inner.names[0].name.split(".")[0] in OURS)
    ]
    # A driver warms up a script's first import, and drivers in the official image have another awsglue or none.
    assert [where for where in hidden if not where.startswith("glue_local/worker/drivers/spark_main.py")] == []


IMPORTS_BY_NAME = ("import_module", "__import__", "find_spec", "run_module")


def test_imports_within_awsglue_are_relative(trees: dict[str, ast.Module]) -> None:
    # A worker loads it under another name beside AWS's own (glue_local/worker/awsglue_image/bundled_awsglue.py).
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
    assert named == [], "a computed name may not be relative"


# The packages that the worker needs in the official image besides boto3 (also in pyproject.toml), and their imports.
STANDARD_LIBRARY_ONLY = ("glue_local/core/", "glue_local/children/")


def test_leaves_import_the_standard_library_only(trees: dict[str, ast.Module]) -> None:
    imported = {
        (path, name)
        for path, tree in trees.items()
        if path.startswith(STANDARD_LIBRARY_ONLY)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert {path for path, _ in imported} >= {"glue_local/core/files.py", "glue_local/children/process.py"}
    allowed = (*sys.stdlib_module_names, "glue_local.core", "glue_local.children")
    assert [each for each in imported if not f"{each[1]}.".startswith(tuple(f"{name}." for name in allowed))] == []


def test_modules_named_as_text_exist(trees: dict[str, ast.Module]) -> None:
    """The pytest plugin and the command line import modules by name when they are needed."""
    plugin = trees["glue_local/testing/plugin.py"]
    named = [
        node.args[0].value
        for node in ast.walk(plugin)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "_module"
        and isinstance(node.args[0], ast.Constant)
    ]
    assert len(named) >= 4
    assert [each for each in named if not (ROOT / "glue_local" / "testing" / f"{each}.py").exists()] == []


# Processes that get their settings from environment variables, and the server that passes its own on to them.
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
    # moto can only be configured through environment variables.
    assert readers == {"glue_local/backend/embedded.py"}


# The worker and scripts create their own: they run where glue_local is not installed.
MAKERS_OF_CLIENTS = ("glue_local/client/clients.py", "glue_local/worker/", "awsglue/", "jobs/")


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


def test_commands_find_the_server_of_the_data_directory(trees: dict[str, ast.Module]) -> None:
    elsewhere = {
        path
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if path.startswith("glue_local/cli/")
        and isinstance(node, ast.ImportFrom)
        and node.module == "glue_local.client.clients"
        and any(name.name == "endpoint" for name in node.names)
    }
    assert elsewhere == set(), "these know only port 4566: import endpoint from glue_local.cli.shared.endpoints"


CROSS_CUTTING = {
    "tests/e2e/": "the workflow on a whole stack",
    "tests/hostile/": "requests of hostile clients to a whole server",
    "tests/eventbridge/test_traffic_arrivals.py": "the example's schedule and event-started workflow",
    "tests/integration/": "behaviour in containers only",
    "tests/backend/cloudformation/test_tools.py": "CDK, AWS SAM and the Serverless Framework",
    "tests/awsglue/examples/": "AWS's published examples",
    "tests/awsglue/transforms/test_contract.py": "all transforms",
    "tests/awsglue/test_interface.py": "all documented signatures",
    "tests/awsglue/frames/test_shapes.py": "all transforms that change the shape of records",
    "tests/awsglue/frames/test_wrong_calls.py": "wrong calls of the whole interface",
    "tests/awsglue/transforms/test_transforms.py": "transforms together",
    "tests/awsgluedq/test_rules.py": "all rule types",
    "tests/cli/project/test_tutorial.py": "docs/tutorial.md",
    "tests/cli/test_commands.py": "all commands against a server in the test's process",
    "tests/crawl/formats/test_formats.py": "all formats, compressed and not",
    "tests/crawl/test_reading.py": "crawled tables read by jobs and queries",
    "tests/delivery/test_delivery.py": "a real delivery process",
    "tests/eventbridge/test_rules_restart.py": "rules of a server that is started again",
    "tests/eventbridge/test_s3_events.py": "S3's events from the object to the target",
    "tests/jobs/test_state_machine.py": "the example's state machine",
    "tests/orchestrate/test_week.py": "schedules of triggers and crawlers together",
    "tests/promote/test_ci.py": "the files in docs/ci",
    "tests/promote/test_failures.py": "every API call of plan, apply and rollback fails once",
    "tests/promote/test_members.py": "definition check and kinds agree on every member",
    "tests/promote/test_promote.py": "plan, apply, drift and rollback together",
    "tests/promote/test_pruning.py": "plan and apply with --prune",
    "tests/promote/test_terraform_validate.py": "Terraform itself on exported configurations",
    "tests/promote/test_walkthrough.py": "docs/promote.md",
    "tests/public_clients/": "unmodified AWS clients",
    "tests/query/ddl/": "statements by subject",
    "tests/query/engine/test_external.py": "an external engine",
    "tests/query/rewrite/test_rewrite.py": "the chain of rewrites",
    "tests/script_generation/test_runs.py": "generated scripts in real runs",
    "tests/services/athena/test_catalogs.py": "catalogs, databases, tables and tags",
    "tests/services/athena/test_saved_statements.py": "named queries and prepared statements",
    "tests/test_architecture.py": "the structure of all packages",
    "tests/test_documentation.py": "the pages",
    "tests/test_packaging.py": "pyproject.toml and the wheel",
    "tests/test_packaging_install.py": "the wheels in an environment of a user's own",
    "tests/test_packaging_lock.py": "the lock files",
    "tests/test_packaging_make.py": "the Makefile",
    "tests/recorded_calls/": "the calls of all services",
    "tests/worker/test_connectors.py": "fetched connectors in real runs",
    "tests/worker/drivers/test_reuse.py": "drivers, JVMs and runs one after another",
    "tests/worker/test_main.py": "the worker process",
    "tests/worker/test_python_shell.py": "Python shell runs on a real worker",
    "tests/worker/test_spark_calls.py": "calls of a run's JVM on a real worker",
    "tests/worker/test_table_formats.py": "table formats in real runs",
}


def mirrored(test: Path) -> bool:
    """Return whether a test file has the name of a module or package at the same place."""
    folder, module = test.parent.relative_to(ROOT / "tests"), test.stem.removeprefix("test_")
    return any(
        (ROOT / package / folder / f"{module}{kind}").exists()
        for package in ("glue_local", ".")
        for kind in (".py", "")
    )


def test_the_tests_mirror_the_tree() -> None:
    """Each tests/<package>/test_<module>.py tests the module of that name, or is listed as cross-cutting with the reason."""
    others = [name(path) for path in TESTS if path.name.startswith("test_") and not mirrored(path)]
    assert [path for path in others if not path.startswith(tuple(CROSS_CUTTING))] == []
    unused = [listed for listed in CROSS_CUTTING if not any(path.startswith(listed) for path in others)]
    assert unused == []


def test_every_package_has_tests() -> None:
    packages = {path.parent.name for path in ROOT.glob("glue_local/*/__init__.py")} | {*OURS[1:]}
    services = {f"services/{path.parent.name}" for path in ROOT.glob("glue_local/services/*/__init__.py")}
    assert {each for each in packages | services if not any((ROOT / "tests" / each).glob("**/test_*.py"))} == set()


INVARIANTS = ROOT / "docs" / "development" / "invariants.md"
_ROW = re.compile(r"^\| .+ \| (.+) \|$", re.MULTILINE)


def exists(enforcer: str) -> bool:
    """Return whether an enforcer exists: an import contract by name, a test file or folder, or a test in a file."""
    if enforcer.startswith("contract: "):
        return f'name = "{enforcer.removeprefix("contract: ")}"' in (ROOT / "pyproject.toml").read_text()
    file, _, function = enforcer.partition("::")
    path = ROOT / file
    return path.exists() and (
        not function or re.search(rf"^def {function}\(", path.read_text(), re.MULTILINE) is not None
    )


def test_every_enforcer_of_an_invariant_exists() -> None:
    rows = _ROW.findall(INVARIANTS.read_text())[1:]
    enforcers = [enforcer for row in rows for enforcer in re.findall(r"`([^`]+)`", row)]
    assert len(rows) >= 20
    assert [row for row in rows if "`" not in row and set(row) != set("-")] == [], "a rule without enforcer"
    assert [each for each in enforcers if not exists(each)] == []
