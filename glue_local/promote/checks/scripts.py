"""Rules for scripts and modules: imports, commits and names, checked in the syntax tree without executing code."""

import ast
import io
import re
import sys
import zipfile
from collections.abc import Iterator

from glue_local.promote.checks.committing import is_committed
from glue_local.promote.checks.finding import Finding, argument_files, arguments, body_of, command, jobs, listed, trees
from glue_local.promote.checks.packages import IMPORTED_AS, shipped
from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.overlay import Staged

_LOCAL_MODULES = ("glue_local", "localstack_client", "moto")
# Modules that AWS's documentation imports from: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python.html
_AWSGLUE = (
    *("blueprint", "context", "data_sink", "data_source", "dataframe_transforms", "dataframereader", "dataframewriter"),
    *("devutils", "dynamicframe", "functions", "gluetypes", "job", "ml", "scripts", "transforms", "utils"),
)
_LOCAL_TEXT = re.compile(
    r"localhost|127\.0\.0\.1|localhost\.localstack\.cloud|\bGLUE_LOCAL_|AWS_ENDPOINT_URL|000000000000"
)


def files_are_uploaded(wanted: Staged) -> Iterator[Finding]:
    """A job's script, modules, JARs and files are listed under scripts:, so that the tested versions are promoted."""
    for job in jobs(wanted):
        for location in (job.request["Command"].get("ScriptLocation", ""), *argument_files(job)):
            if body_of(wanted, location) is None:
                yield Finding(
                    job.place,
                    f"job {job.name}: {location or 'its script'} is not listed under scripts:, so that its content is unknown",
                )


def scripts_compile(wanted: Staged) -> Iterator[Finding]:
    """A script compiles."""
    for job in jobs(wanted):
        for location in (job.request["Command"].get("ScriptLocation", ""), *listed(job, "--extra-py-files")):
            body = body_of(wanted, location)
            if body is None or not location.endswith(".py"):
                continue
            try:
                ast.parse(body)
            except SyntaxError as error:
                name = location.rpartition("/")[2]
                yield Finding(job.place, f"job {job.name}: {name} line {error.lineno}: syntax error: {error.msg}")


def imports_are_available(wanted: Staged) -> Iterator[Finding]:
    """Imported modules are in the standard library, provided by the Glue version, uploaded, or declared."""
    for job in jobs(wanted):
        version = str(job.request.get("GlueVersion", ""))
        known = shipped(command(job), version, arguments(job).get("library-set") or arguments(job).get("--library-set"))
        if known is None:
            continue
        there = known | sys.stdlib_module_names | _brought(wanted, job) | _declared(job)
        on = "a Python shell job" if command(job) == "pythonshell" else f"Glue {version}"
        for name, tree in trees(wanted, job):
            for module, line in _imports(tree):
                if module not in there:
                    yield Finding(
                        job.place,
                        f"job {job.name}: {name} line {line} imports {module}, which {on} does not provide: add it to --additional-python-modules",
                    )


def bookmarks_are_committed(wanted: Staged) -> Iterator[Finding]:
    """A script with bookmarks enabled calls commit(): without it every run reads everything again."""
    for job in jobs(wanted):
        if arguments(job).get("--job-bookmark-option") != "job-bookmark-enable":
            continue
        if not is_committed([tree for _, tree in trees(wanted, job)]):
            yield Finding(job.place, f"job {job.name} has bookmarks enabled, but its script never calls job.commit()")


def nothing_local_is_used(wanted: Staged) -> Iterator[Finding]:
    """A script refers to nothing that exists only locally."""
    for job in jobs(wanted):
        for name, tree in trees(wanted, job):
            for module, line in _imports(tree):
                if module in _LOCAL_MODULES:
                    yield Finding(
                        job.place, f"job {job.name}: {name} line {line} imports {module}, which does not exist on AWS"
                    )
            for text, line in _strings(tree):
                found = _LOCAL_TEXT.search(text)
                if found:
                    yield Finding(
                        job.place, f"job {job.name}: {name} line {line} contains {found[0]}, which exists only locally"
                    )


def only_documented_awsglue_is_used(wanted: Staged) -> Iterator[Finding]:
    """A script imports only modules of awsglue that AWS documents."""
    for job in jobs(wanted):
        for name, tree in trees(wanted, job):
            for module, line in _modules(tree):
                package, _, inner = module.partition(".")
                if package == "awsglue" and inner and inner.split(".")[0] not in _AWSGLUE:
                    yield Finding(
                        job.place,
                        f"job {job.name}: {name} line {line} imports {module}, which exists only in glue-local: AWS documents awsglue.{{{','.join(_AWSGLUE)}}}",
                    )


def buckets_are_not_hard_coded(wanted: Staged) -> Iterator[Finding]:
    """A script contains no bucket name that differs in the stage: scripts are promoted unchanged."""
    for job in jobs(wanted):
        for name, tree in trees(wanted, job):
            for text, line in _strings(tree):
                for bucket, renamed in wanted.stage.buckets.items():
                    if re.search(rf"s3a?://{re.escape(bucket)}(?=/|$)", text):
                        yield Finding(
                            job.place,
                            f"job {job.name}: {name} line {line} contains the bucket name {bucket}, which is {renamed.value} in {wanted.stage.name}: pass it as an argument",
                        )


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    return ((module.split(".")[0], line) for module, line in _modules(tree))


def _modules(tree: ast.Module) -> Iterator[tuple[str, int]]:
    guarded = {id(node) for each in ast.walk(tree) if isinstance(each, ast.Try) for node in ast.walk(each)}
    for node in ast.walk(tree):
        # A script handles failed imports in a try statement itself.
        if id(node) in guarded:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def _strings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value, node.lineno


def _brought(wanted: Staged, job: Resource) -> set[str]:
    modules: set[str] = set()
    for location in listed(job, "--extra-py-files"):
        body, name = body_of(wanted, location), location.rpartition("/")[2]
        if name.endswith(".py"):
            modules.add(name.removesuffix(".py"))
        elif body is not None:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                modules |= {path.split("/")[0].removesuffix(".py") for path in archive.namelist()}
    return modules


def _declared(job: Resource) -> set[str]:
    modules = set()
    for requirement in listed(job, "--additional-python-modules"):
        wheel = requirement.rpartition("/")[2]
        name = wheel.split("-")[0] if wheel.endswith(".whl") else re.split(r"[\[=<>!~; ]", requirement)[0]
        modules.add(IMPORTED_AS.get(name.lower(), name.lower().replace("-", "_")))
        modules.add(name.replace("-", "_"))
    return modules
