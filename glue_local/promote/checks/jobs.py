"""Rules for jobs: combinations that CreateJob refuses, or that AWS treats in an unexpected way."""

import re
from collections.abc import Iterator

from glue_local.promote.checks.finding import OURS, RESERVED, Finding, arguments, command, jobs
from glue_local.promote.definition.overlay import Staged

# https://docs.aws.amazon.com/glue/latest/dg/release-notes.html and add-job.html
_SPARK_VERSIONS = ("2.0", "3.0", "4.0", "5.0", "5.1", "6.0")
_SINCE = {
    "G.025X": (3, 0),
    "G.1X": (0, 9),
    "G.2X": (0, 9),
    "G.4X": (3, 0),
    "G.8X": (3, 0),
    **dict.fromkeys(("G.12X", "G.16X", "R.1X", "R.2X", "R.4X", "R.8X"), (4, 0)),
}
_FLEX, _FLEX_SINCE = ("G.1X", "G.2X"), (3, 0)
_SHELL_CAPACITY = (0.0625, 1, 1.0)
_MOST_MINUTES = 10080
_BOOKMARKS = ("job-bookmark-enable", "job-bookmark-disable", "job-bookmark-pause")


def versions_are_supported(wanted: Staged) -> Iterator[Finding]:
    """A Spark job names a supported Glue version; AWS's default changes over time."""
    for job in jobs(wanted):
        version = job.request.get("GlueVersion")
        if command(job) != "pythonshell" and version not in _SPARK_VERSIONS:
            problem = (
                f"has the unsupported GlueVersion {version}"
                if version
                else "has no GlueVersion, and AWS's default changes"
            )
            yield Finding(job.place, f"job {job.name} {problem}: use one of {', '.join(_SPARK_VERSIONS)}")
        elif command(job) == "pythonshell" and job.request["Command"].get("PythonVersion") != "3.9":
            yield Finding(
                job.place,
                f"job {job.name} needs PythonVersion: '3.9', the only one that AWS supports for Python shell jobs",
            )


def capacity_matches_the_command(wanted: Staged) -> Iterator[Finding]:
    """Spark jobs have a WorkerType and NumberOfWorkers, Python shell jobs a MaxCapacity of 0.0625 or 1."""
    for job in jobs(wanted):
        request = job.request
        workers = [key for key in ("WorkerType", "NumberOfWorkers") if key in request]
        if workers and "MaxCapacity" in request:
            yield Finding(
                job.place, f"job {job.name} has MaxCapacity and {' and '.join(workers)}: AWS accepts one or the other"
            )
        elif command(job) == "pythonshell" and workers:
            yield Finding(
                job.place,
                f"job {job.name} is a Python shell job, which cannot have {' and '.join(workers)}: remove them",
            )
        elif command(job) == "pythonshell" and request.get("MaxCapacity", 0.0625) not in _SHELL_CAPACITY:
            yield Finding(
                job.place,
                f"job {job.name}: MaxCapacity of a Python shell job must be 0.0625 or 1, not {request['MaxCapacity']}",
            )
        elif len(workers) == 1:
            yield Finding(
                job.place, f"job {job.name} has only {workers[0]}: WorkerType and NumberOfWorkers go together"
            )
        elif command(job) == "glueetl" and request.get("NumberOfWorkers", 2) < 2:
            yield Finding(
                job.place,
                f"job {job.name} has {request['NumberOfWorkers']} worker: a Spark job needs at least 2, including the driver",
            )


def worker_types_match_the_version(wanted: Staged) -> Iterator[Finding]:
    """The worker type exists for the command and the Glue version."""
    for job in jobs(wanted):
        worker, version = job.request.get("WorkerType"), str(job.request.get("GlueVersion", ""))
        if worker is None:
            continue
        if worker not in _SINCE:
            yield Finding(job.place, f"job {job.name}: unknown worker type {worker}: use one of {', '.join(_SINCE)}")
        elif worker == "G.025X" and command(job) != "gluestreaming":
            yield Finding(job.place, f"job {job.name}: G.025X is for streaming jobs only")
        elif _is_older(version, _SINCE[worker]):
            since = ".".join(map(str, _SINCE[worker]))
            yield Finding(job.place, f"job {job.name}: {worker} needs Glue {since}, but GlueVersion is {version}")


def _is_older(version: str, since: tuple[int, int]) -> bool:
    parsed = re.fullmatch(r"(\d+)\.(\d+)", version)
    return parsed is not None and (int(parsed[1]), int(parsed[2])) < since


def flex_is_supported(wanted: Staged) -> Iterator[Finding]:
    """FLEX is for Spark batch jobs of Glue 3.0 and later on G.1X and G.2X."""
    for job in jobs(wanted):
        if job.request.get("ExecutionClass") != "FLEX":
            continue
        if command(job) != "glueetl" or job.request.get("WorkerType", "G.1X") not in _FLEX:
            yield Finding(job.place, f"job {job.name}: ExecutionClass FLEX is for glueetl on {' or '.join(_FLEX)}")
        version = str(job.request.get("GlueVersion", ""))
        if _is_older(version, _FLEX_SINCE):
            yield Finding(
                job.place, f"job {job.name}: ExecutionClass FLEX needs Glue 3.0, but GlueVersion is {version}"
            )


def limits_are_respected(wanted: Staged) -> Iterator[Finding]:
    """Timeout and MaxRetries are within AWS's limits."""
    for job in jobs(wanted):
        if not 1 <= job.request.get("Timeout", 1) <= _MOST_MINUTES:
            yield Finding(
                job.place, f"job {job.name}: Timeout must be 1 to {_MOST_MINUTES} minutes, not {job.request['Timeout']}"
            )
        if not 0 <= job.request.get("MaxRetries", 0) <= 10:
            yield Finding(job.place, f"job {job.name}: MaxRetries must be 0 to 10, not {job.request['MaxRetries']}")


def no_reserved_arguments(wanted: Staged) -> Iterator[Finding]:
    """The definition does not set arguments that AWS sets itself or that only glue-local supports."""
    for job in jobs(wanted):
        for name in arguments(job):
            if name in RESERVED:
                yield Finding(job.place, f"job {job.name}: the argument {name} is reserved by AWS: remove it")
            elif name.startswith(OURS):
                yield Finding(job.place, f"job {job.name}: the argument {name} exists only in glue-local: remove it")


def arguments_match_the_command(wanted: Staged) -> Iterator[Finding]:
    """A Python shell job has no Spark arguments, and bookmark options have valid values."""
    for job in jobs(wanted):
        given = arguments(job)
        option = given.get("--job-bookmark-option")
        if command(job) == "pythonshell":
            for name in ("--job-bookmark-option", "--extra-files", "--conf", "--extra-jars", "--datalake-formats"):
                if name in given:
                    yield Finding(job.place, f"job {job.name}: Python shell jobs do not support {name}: remove it")
        elif option is not None and option not in _BOOKMARKS:
            yield Finding(
                job.place, f"job {job.name}: --job-bookmark-option must be one of {', '.join(_BOOKMARKS)}, not {option}"
            )
