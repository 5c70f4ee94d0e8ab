"""Find a job's definition and files: in glue-local.yaml, beside its script, or by default."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from glue_local.cli.project.sources import source_metadata
from glue_local.cli.shared.error_messages import CommandError
from glue_local.promote.definition.desired import Resource, desired, job_definition, script_sources
from glue_local.promote.definition.document import Place
from glue_local.settings import DEFAULT_ACCOUNT, DEFAULT_REGION

BUCKET = "glue-local-scripts"
"""Where the scripts of jobs without a definition are stored."""

_FILE_ARGUMENTS = ("--extra-py-files", "--extra-files", "--extra-jars")
_SPARK = ("awsglue", "awsgluedq", "pyspark")
_ROLE = f"arn:aws:iam::{DEFAULT_ACCOUNT}:role/glue-local"


@dataclass(frozen=True)
class JobFiles:
    """A job, what it needs (its buckets and scripts), and the files on disk that define them.

    ``by_default`` means that nobody wrote its definition.
    """

    job: Resource
    needs: tuple[Resource, ...]
    files: tuple[Path, ...]
    by_default: bool = False

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Everything to create, in its order."""
        return (*self.needs, self.job)


def of_script(script: Path, file: Path) -> JobFiles:
    """Return the job of a script: of ``file``, of the definition beside the script, or one with defaults.

    Raises CommandError if the script does not exist or several jobs have it, DefinitionError for an invalid definition.
    """
    if not script.is_file():
        raise CommandError(f"script {script} does not exist")
    if file.is_file():
        found = desired(file, DEFAULT_REGION, DEFAULT_ACCOUNT)
        sources = script_sources(file, DEFAULT_REGION, DEFAULT_ACCOUNT)
        mine = [to for to, source in sources.items() if source.resolve() == script.resolve()]
        jobs = [each for each in found if each.kind == "jobs" and _location(each) in mine]
        if len(jobs) > 1:
            names = ", ".join(each.name for each in jobs)
            raise CommandError(f"{script} is the script of several jobs in {file}: run one by its name ({names})")
        if jobs:
            return _of_project(jobs[0], found, sources, file)
    definition = script.with_suffix(".yaml")
    if definition.is_file():
        return _beside(script, definition)
    return _by_default(script)


def of_job(name: str, file: Path) -> JobFiles | None:
    """Return the job ``name`` of ``file``, or None if there is none. Raises DefinitionError for an invalid definition."""
    if not file.is_file():
        return None
    found = desired(file, DEFAULT_REGION, DEFAULT_ACCOUNT)
    job = next((each for each in found if each.kind == "jobs" and each.name == name), None)
    return _of_project(job, found, script_sources(file, DEFAULT_REGION, DEFAULT_ACCOUNT), file) if job else None


def _of_project(job: Resource, found: list[Resource], sources: dict[str, Path], file: Path) -> JobFiles:
    used = {_location(job), *_extra(job)}
    scripts = [each for each in found if each.kind == "scripts" and each.name in used]
    names = {each.request["Bucket"] for each in scripts}
    buckets = [each for each in found if each.kind == "buckets" and each.name in names]
    on_disk = [sources[each.name] for each in scripts]
    return JobFiles(job, (*buckets, *scripts), (*on_disk, job.place.file, file))


def _beside(script: Path, definition: Path) -> JobFiles:
    job = job_definition(definition, DEFAULT_REGION, DEFAULT_ACCOUNT)
    uploads = {_location(job): script}
    for location in _extra(job):
        uploads[location] = script.with_name(location.rpartition("/")[2])
        if not uploads[location].is_file():
            raise job.place.error(f"{location} is not {uploads[location]}: list it under scripts: in glue-local.yaml")
    scripts = [_script(file, to, job.place) for to, file in uploads.items()]
    return _with_buckets(job, scripts, (*uploads.values(), definition))


def _by_default(script: Path) -> JobFiles:
    name = script.stem
    imported = set(_imports(script))
    spark = bool(imported & set(_SPARK))
    modules = [script.with_name(f"{each}.py") for each in sorted(imported - {name})]
    modules = [each for each in modules if each.is_file()]
    place = Place(script, 1)
    uploads = {f"s3://{BUCKET}/{name}/{each.name}": each for each in (script, *modules)}
    extra = {"--extra-py-files": ",".join(list(uploads)[1:])} if modules else {}
    request: dict[str, Any] = {
        "Name": name,
        "Role": _ROLE,
        "Command": {
            "Name": "glueetl" if spark else "pythonshell",
            "PythonVersion": "3" if spark else "3.9",
            "ScriptLocation": next(iter(uploads)),
        },
        "DefaultArguments": {"--TempDir": f"s3://{BUCKET}/temp/", **extra},
    }
    if spark:
        request |= {"GlueVersion": "5.0", "WorkerType": "G.1X", "NumberOfWorkers": 2}
    job = Resource("jobs", name, request, place)
    scripts = [_script(file, to, place) for to, file in uploads.items()]
    return replace(_with_buckets(job, scripts, tuple(uploads.values())), by_default=True)


def _with_buckets(job: Resource, scripts: list[Resource], files: tuple[Path, ...]) -> JobFiles:
    names = dict.fromkeys(each.request["Bucket"] for each in scripts)
    buckets = [Resource("buckets", name, {"Bucket": name}, job.place) for name in names]
    marked = [
        replace(each, request={**each.request, "Metadata": source_metadata(file)})
        for each, file in zip(scripts, files, strict=False)
    ]
    return JobFiles(job, (*buckets, *marked), files)


def _script(file: Path, to: str, place: Place) -> Resource:
    bucket, _, key = to.removeprefix("s3://").partition("/")
    if not to.startswith("s3://") or not bucket or not key:
        raise place.error(f"ScriptLocation must be s3://bucket/key, not {to or '(none)'}")
    return Resource("scripts", to, {"Destination": to, "Bucket": bucket, "Key": key, "Body": file.read_bytes()}, place)


def _location(job: Resource) -> str:
    return str(job.request["Command"].get("ScriptLocation", ""))


def _extra(job: Resource) -> Iterator[str]:
    for argument in _FILE_ARGUMENTS:
        value = job.request.get("DefaultArguments", {}).get(argument, "")
        yield from (each.strip() for each in value.split(",") if each.strip())


def _imports(script: Path) -> Iterator[str]:
    """Yield the first names of the modules that a script imports."""
    try:
        tree = ast.parse(script.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        raise CommandError(f"{script} is not valid Python: {error}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
