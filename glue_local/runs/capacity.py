"""Worker types, DPUs and capacity limits of jobs, as AWS's CreateJob page states them."""

from typing import Any

from glue_local.core.faults import Invalid
from glue_local.prices import DPUS

CAPACITY = ("WorkerType", "NumberOfWorkers", "MaxCapacity", "AllocatedCapacity")
"""The members of a Job or JobRun that set its capacity."""

_DEFAULT_WORKERS = 10
_PYTHON_SHELL_CAPACITIES = (0.0625, 1.0)
_LONGEST_TIMEOUT = 7 * 24 * 60
_FLEX_WORKERS = ("G.1X", "G.2X")
_FLEX_SINCE = 3.0  # the Glue version


def capacity(command: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the capacity members of a Job or JobRun: MaxCapacity and AllocatedCapacity in DPUs, and the workers.

    Raises Invalid for combinations that AWS refuses.
    """
    if command == "pythonshell":
        return _python_shell(wanted)
    if "WorkerType" in wanted or "NumberOfWorkers" in wanted:
        return _workers(wanted)
    dpus = wanted.get("MaxCapacity", wanted.get("AllocatedCapacity"))
    if dpus is None:
        return _workers({"WorkerType": "G.1X", "NumberOfWorkers": _DEFAULT_WORKERS})
    if dpus < 2:
        raise Invalid("MaxCapacity of a Spark job must be at least 2 DPUs.")
    return {"MaxCapacity": float(dpus), "AllocatedCapacity": int(dpus)}


def check_timeout(wanted: dict[str, Any]) -> None:
    """Check the Timeout (minutes) of a job or run against AWS's limit; raises Invalid."""
    if wanted.get("Timeout", 0) > _LONGEST_TIMEOUT:
        raise Invalid(f"Timeout must be at most {_LONGEST_TIMEOUT} minutes (7 days), not {wanted['Timeout']}.")


def check_execution_class(command: str, wanted: dict[str, Any]) -> None:
    """Check that a job or run (with all its members) can use FLEX if it asks for it; raises Invalid."""
    if wanted.get("ExecutionClass") != "FLEX":
        return
    if command != "glueetl":
        raise Invalid(f"Execution class FLEX is not supported for Job Command {command}.")
    if wanted.get("WorkerType", "G.1X") not in _FLEX_WORKERS:
        raise Invalid(f"Execution class FLEX is not supported for Worker Type {wanted['WorkerType']}.")
    if float(wanted["GlueVersion"]) < _FLEX_SINCE:
        raise Invalid(f"Execution class FLEX is not supported for Glue version {wanted['GlueVersion']}.")


def _python_shell(wanted: dict[str, Any]) -> dict[str, Any]:
    if "WorkerType" in wanted or "NumberOfWorkers" in wanted:
        raise Invalid("Worker Type is not supported for Job Command pythonshell.")
    dpus = float(wanted.get("MaxCapacity", _PYTHON_SHELL_CAPACITIES[0]))
    if dpus not in _PYTHON_SHELL_CAPACITIES:
        raise Invalid("MaxCapacity of a pythonshell job must be 0.0625 or 1.")
    return {"MaxCapacity": dpus, "AllocatedCapacity": int(dpus)}


def _workers(wanted: dict[str, Any]) -> dict[str, Any]:
    if "MaxCapacity" in wanted or "AllocatedCapacity" in wanted:
        raise Invalid("Please do not set Max Capacity if using Worker Type and Number of Workers.")
    if "WorkerType" not in wanted or "NumberOfWorkers" not in wanted:
        raise Invalid("Both Worker Type and Number of Workers must be set.")
    worker, number = wanted["WorkerType"], wanted["NumberOfWorkers"]
    if number < 1:
        raise Invalid(f"Number of Workers must be at least 1, not {number}.")
    if worker not in DPUS:
        raise Invalid(f"Worker Type {worker} is not supported.")
    dpus = DPUS[worker] * number
    return {"WorkerType": worker, "NumberOfWorkers": number, "MaxCapacity": dpus, "AllocatedCapacity": int(dpus)}
