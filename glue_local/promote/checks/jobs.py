"""Job definitions: combinations that CreateJob refuses, or that do on AWS what nobody meant."""

import re
from collections.abc import Iterator

from glue_local.promote.overlay import Staged
from glue_local.promote.preflight.finding import OURS, RESERVED, Finding, arguments, command, jobs

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


def versions_are_known(wanted: Staged) -> Iterator[Finding]:
    """A Spark job names a Glue version that AWS runs; without one, AWS's default moves."""
    for job in jobs(wanted):
        version = job.request.get("GlueVersion")
        if command(job) != "pythonshell" and version not in _SPARK_VERSIONS:
            told = f"asks for Glue {version}" if version else "names no GlueVersion, and AWS's default moves"
            yield Finding(job.place, f"job {job.name} {told}; say one of {', '.join(_SPARK_VERSIONS)}")
        elif command(job) == "pythonshell" and job.request["Command"].get("PythonVersion") != "3.9":
            yield Finding(
                job.place,
                f"job {job.name} needs PythonVersion: '3.9', the one that AWS still runs Python shell jobs on",
            )


def capacity_suits_the_command(wanted: Staged) -> Iterator[Finding]:
    """Spark jobs have a WorkerType and NumberOfWorkers, Python shell jobs a MaxCapacity of 0.0625 or 1."""
    for job in jobs(wanted):
        request = job.request
        workers = [key for key in ("WorkerType", "NumberOfWorkers") if key in request]
        if workers and "MaxCapacity" in request:
            yield Finding(
                job.place, f"job {job.name} has MaxCapacity and {' and '.join(workers)}; AWS takes one or the other"
            )
        elif command(job) == "pythonshell" and workers:
            yield Finding(job.place, f"job {job.name} is a Python shell job, which has no {' and '.join(workers)}")
        elif command(job) == "pythonshell" and request.get("MaxCapacity", 0.0625) not in _SHELL_CAPACITY:
            yield Finding(
                job.place,
                f"job {job.name}: a Python shell job's MaxCapacity is 0.0625 or 1, not {request['MaxCapacity']}",
            )
        elif len(workers) == 1:
            yield Finding(
                job.place, f"job {job.name} has {workers[0]} alone; WorkerType and NumberOfWorkers go together"
            )
        elif command(job) == "glueetl" and request.get("NumberOfWorkers", 2) < 2:
            yield Finding(
                job.place,
                f"job {job.name} has {request['NumberOfWorkers']} worker; a Spark job needs 2, its driver is one",
            )


def worker_types_suit_the_version(wanted: Staged) -> Iterator[Finding]:
    """A worker type is one that AWS has for the command and the Glue version."""
    for job in jobs(wanted):
        worker, version = job.request.get("WorkerType"), str(job.request.get("GlueVersion", ""))
        if worker is None:
            continue
        if worker not in _SINCE:
            yield Finding(job.place, f"job {job.name}: there is no worker type {worker}; there are {', '.join(_SINCE)}")
        elif worker == "G.025X" and command(job) != "gluestreaming":
            yield Finding(job.place, f"job {job.name}: G.025X is for streaming jobs only")
        elif _is_older(version, _SINCE[worker]):
            since = ".".join(map(str, _SINCE[worker]))
            yield Finding(job.place, f"job {job.name}: {worker} needs Glue {since}, the job asks for {version}")


def _is_older(version: str, since: tuple[int, int]) -> bool:
    told = re.fullmatch(r"(\d+)\.(\d+)", version)
    return told is not None and (int(told[1]), int(told[2])) < since


def flexible_execution_suits(wanted: Staged) -> Iterator[Finding]:
    """FLEX is for Spark batch jobs of Glue 3.0 and later on G.1X and G.2X."""
    for job in jobs(wanted):
        if job.request.get("ExecutionClass") != "FLEX":
            continue
        if command(job) != "glueetl" or job.request.get("WorkerType", "G.1X") not in _FLEX:
            yield Finding(job.place, f"job {job.name}: ExecutionClass FLEX is for glueetl on {' or '.join(_FLEX)}")
        version = str(job.request.get("GlueVersion", ""))
        if _is_older(version, _FLEX_SINCE):
            yield Finding(job.place, f"job {job.name}: ExecutionClass FLEX needs Glue 3.0, the job asks for {version}")


def limits_are_kept(wanted: Staged) -> Iterator[Finding]:
    """Timeout and MaxRetries are within AWS's limits."""
    for job in jobs(wanted):
        if not 1 <= job.request.get("Timeout", 1) <= _MOST_MINUTES:
            yield Finding(
                job.place, f"job {job.name}: Timeout is 1 to {_MOST_MINUTES} minutes, not {job.request['Timeout']}"
            )
        if not 0 <= job.request.get("MaxRetries", 0) <= 10:
            yield Finding(job.place, f"job {job.name}: MaxRetries is 0 to 10, not {job.request['MaxRetries']}")


def reserved_arguments_are_left(wanted: Staged) -> Iterator[Finding]:
    """Arguments that AWS sets itself, or that only the emulator knows, are not set by the definition."""
    for job in jobs(wanted):
        for name in arguments(job):
            if name in RESERVED:
                yield Finding(job.place, f"job {job.name}: the argument {name} is AWS's own; leave it out")
            elif name.startswith(OURS):
                yield Finding(job.place, f"job {job.name}: the argument {name} is glue-local's own, which AWS has not")


def arguments_suit_the_command(wanted: Staged) -> Iterator[Finding]:
    """A Python shell job has none of Spark's arguments, and bookmark options are spelled as AWS does."""
    for job in jobs(wanted):
        given = arguments(job)
        option = given.get("--job-bookmark-option")
        if command(job) == "pythonshell":
            for name in ("--job-bookmark-option", "--extra-files", "--conf", "--extra-jars", "--datalake-formats"):
                if name in given:
                    yield Finding(job.place, f"job {job.name}: a Python shell job on AWS has no {name}")
        elif option is not None and option not in _BOOKMARKS:
            yield Finding(job.place, f"job {job.name}: --job-bookmark-option is {', '.join(_BOOKMARKS)}, not {option}")
