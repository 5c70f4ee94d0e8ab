"""A finding of a rule, and what rules look at."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from glue_local.promote.desired import Resource
from glue_local.promote.document import Place
from glue_local.promote.overlay import Staged

# "Internal to AWS Glue. Do not set": aws-glue-programming-etl-glue-arguments.html
RESERVED = ("--debug", "--mode", "--JOB_NAME", "--endpoint", "--JOB_ID", "--JOB_RUN_ID")
OURS = "--glue-local-"
CARRIERS = ("--extra-py-files", "--extra-jars", "--extra-files", "--additional-python-modules")
"""The arguments that name, besides the script, the bytes that a job executes or reads."""


class Finding(NamedTuple):
    """Something that AWS would refuse or fail on, and where it is written."""

    place: Place
    message: str


def jobs(wanted: Staged) -> Iterator[Resource]:
    """Yield the jobs."""
    return (each for each in wanted.resources if each.kind == "jobs")


def command(job: Resource) -> str:
    """Return what a job is: glueetl, gluestreaming or pythonshell."""
    return str(job.request["Command"].get("Name", "glueetl"))


def arguments(job: Resource) -> dict[str, str]:
    """Return the arguments that a run gets if nobody says otherwise."""
    return {**job.request.get("DefaultArguments", {}), **job.request.get("NonOverridableArguments", {})}


def listed(job: Resource, name: str) -> list[str]:
    """Return the parts of an argument that is a list with commas."""
    return [part.strip() for part in arguments(job).get(name, "").split(",") if part.strip()]


def carried(job: Resource) -> list[str]:
    """Return where the bytes lie that a job's arguments name; a requirement for pip is not one of them."""
    named = [(name, part) for name in CARRIERS for part in listed(job, name)]
    return [part for name, part in named if name != CARRIERS[-1] or part.startswith(("s3://", "s3a://"))]


def body_of(wanted: Staged, location: str) -> bytes | None:
    """Return the bytes that lie at a location once promoted, None where they are not ours."""
    return next((each.request["Body"] for each in wanted.resources if each.name == location), None)


def trees(wanted: Staged, job: Resource) -> Iterator[tuple[str, ast.Module]]:
    """Yield the name and the syntax of a job's script and of its modules that are Python files; broken ones are left."""
    for location in (job.request["Command"].get("ScriptLocation", ""), *listed(job, "--extra-py-files")):
        body = body_of(wanted, location)
        if body is not None and location.endswith(".py"):
            try:
                yield location.rpartition("/")[2], ast.parse(body)
            except SyntaxError:
                continue
