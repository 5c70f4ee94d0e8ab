"""Findings of preflight rules, and accessors that the rules share."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.document import Place
from glue_local.promote.definition.overlay import Staged

# "Internal to AWS Glue. Do not set": aws-glue-programming-etl-glue-arguments.html
RESERVED = ("--debug", "--mode", "--JOB_NAME", "--endpoint", "--JOB_ID", "--JOB_RUN_ID")
OURS = "--glue-local-"
CARRIERS = ("--extra-py-files", "--extra-jars", "--extra-files", "--additional-python-modules")
"""The arguments that name files which a job executes or reads besides its script."""


class Finding(NamedTuple):
    """Something that AWS would refuse or fail on, with its position."""

    place: Place
    message: str


def jobs(wanted: Staged) -> Iterator[Resource]:
    """Yield the jobs."""
    return (each for each in wanted.resources if each.kind == "jobs")


def command(job: Resource) -> str:
    """Return a job's command: glueetl, gluestreaming or pythonshell."""
    return str(job.request["Command"].get("Name", "glueetl"))


def arguments(job: Resource) -> dict[str, str]:
    """Return the arguments that a run gets by default."""
    return {**job.request.get("DefaultArguments", {}), **job.request.get("NonOverridableArguments", {})}


def listed(job: Resource, name: str) -> list[str]:
    """Return the parts of a comma-separated argument."""
    return [part.strip() for part in arguments(job).get(name, "").split(",") if part.strip()]


def argument_files(job: Resource) -> list[str]:
    """Return the locations of the files in a job's arguments; pip requirements are not files."""
    named = [(name, part) for name in CARRIERS for part in listed(job, name)]
    return [part for name, part in named if name != CARRIERS[-1] or part.startswith(("s3://", "s3a://"))]


def body_of(wanted: Staged, location: str) -> bytes | None:
    """Return the content of a promoted file, or None if the file is not ours."""
    return next((each.request["Body"] for each in wanted.resources if each.name == location), None)


def trees(wanted: Staged, job: Resource) -> Iterator[tuple[str, ast.Module]]:
    """Yield (name, syntax tree) for a job's script and Python modules; files with syntax errors are skipped."""
    for location in (job.request["Command"].get("ScriptLocation", ""), *listed(job, "--extra-py-files")):
        body = body_of(wanted, location)
        if body is not None and location.endswith(".py"):
            try:
                yield location.rpartition("/")[2], ast.parse(body)
            except SyntaxError:
                continue
