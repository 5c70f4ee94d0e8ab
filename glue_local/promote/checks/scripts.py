"""Scripts and modules: what they import, commit and name, read as syntax; nothing of them is executed."""

import ast
import io
import re
import sys
import zipfile
from collections.abc import Iterator

from glue_local.promote.desired import Resource
from glue_local.promote.overlay import Staged
from glue_local.promote.preflight.committing import is_committed
from glue_local.promote.preflight.finding import Finding, arguments, body_of, carried, command, jobs, listed, trees
from glue_local.promote.preflight.packages import IMPORTED_AS, shipped

_LOCAL_MODULES = ("glue_local", "localstack_client", "moto")
# Modules that AWS's documentation imports from: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python.html
_AWSGLUE = (
    *("blueprint", "context", "data_sink", "data_source", "dataframe_transforms", "dataframereader", "dataframewriter"),
    *("devutils", "dynamicframe", "functions", "gluetypes", "job", "ml", "scripts", "transforms", "utils"),
)
_LOCAL_TEXT = re.compile(
    r"localhost|127\.0\.0\.1|localhost\.localstack\.cloud|\bGLUE_LOCAL_|AWS_ENDPOINT_URL|000000000000"
)


def scripts_are_ours(wanted: Staged) -> Iterator[Finding]:
    """A job's script, modules, JARs and files are among scripts:, so that their bytes are those that were tested."""
    for job in jobs(wanted):
        for location in (job.request["Command"].get("ScriptLocation", ""), *carried(job)):
            if body_of(wanted, location) is None:
                yield Finding(
                    job.place,
                    f"job {job.name}: {location or 'its script'} is not among scripts:, so nothing tells its bytes",
                )


def scripts_are_python(wanted: Staged) -> Iterator[Finding]:
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
                yield Finding(job.place, f"job {job.name}: {name} line {error.lineno} is not Python: {error.msg}")


def imports_are_there(wanted: Staged) -> Iterator[Finding]:
    """What a script imports is Python's own, shipped with its Glue version, brought along, or declared."""
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
                        f"job {job.name}: {name} line {line} imports {module}, which {on} does not ship: declare it in --additional-python-modules",
                    )


def bookmarks_are_committed(wanted: Staged) -> Iterator[Finding]:
    """A script whose job has bookmarks on calls commit(), or every run would read everything again."""
    for job in jobs(wanted):
        if arguments(job).get("--job-bookmark-option") != "job-bookmark-enable":
            continue
        if not is_committed([tree for _, tree in trees(wanted, job)]):
            yield Finding(job.place, f"job {job.name} has bookmarks on, and its script never calls job.commit()")


def nothing_local_is_used(wanted: Staged) -> Iterator[Finding]:
    """A script names nothing that only the local endpoint has."""
    for job in jobs(wanted):
        for name, tree in trees(wanted, job):
            for module, line in _imports(tree):
                if module in _LOCAL_MODULES:
                    yield Finding(job.place, f"job {job.name}: {name} line {line} imports {module}, which AWS has not")
            for text, line in _strings(tree):
                found = _LOCAL_TEXT.search(text)
                if found:
                    yield Finding(
                        job.place, f"job {job.name}: {name} line {line} names {found[0]}, which is of this machine"
                    )


def our_awsglue_is_not_leaned_on(wanted: Staged) -> Iterator[Finding]:
    """A script imports from no module of awsglue that is the emulator's own."""
    for job in jobs(wanted):
        for name, tree in trees(wanted, job):
            for module, line in _modules(tree):
                package, _, inner = module.partition(".")
                if package == "awsglue" and inner and inner.split(".")[0] not in _AWSGLUE:
                    yield Finding(
                        job.place,
                        f"job {job.name}: {name} line {line} imports {module}, which is glue-local's own; AWS documents awsglue.{{{','.join(_AWSGLUE)}}}",
                    )


def buckets_are_not_written_out(wanted: Staged) -> Iterator[Finding]:
    """A script names no bucket that the stage names otherwise: scripts are promoted as they are."""
    for job in jobs(wanted):
        for name, tree in trees(wanted, job):
            for text, line in _strings(tree):
                for bucket, renamed in wanted.stage.buckets.items():
                    if re.search(rf"s3a?://{re.escape(bucket)}(?=/|$)", text):
                        yield Finding(
                            job.place,
                            f"job {job.name}: {name} line {line} names the bucket {bucket}, which is {renamed.value} in {wanted.stage.name}: take it from an argument",
                        )


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    return ((module.split(".")[0], line) for module, line in _modules(tree))


def _modules(tree: ast.Module) -> Iterator[tuple[str, int]]:
    guarded = {id(node) for each in ast.walk(tree) if isinstance(each, ast.Try) for node in ast.walk(each)}
    for node in ast.walk(tree):
        # What is imported in a try is seen to by the script itself.
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
