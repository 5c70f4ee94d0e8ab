"""What a job run would have cost on AWS: its DPUs times its billed seconds.

https://aws.amazon.com/glue/pricing/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glue_local import prices
from glue_local.costs import Cost

_NOT_BILLED = ("WAITING", "STARTING", "ERROR")
_PYTHON_SHELL = "/aws-glue/python-jobs"


@dataclass(frozen=True)
class JobRun:
    """A job run, as AWS bills it: ``seconds`` of ``dpus`` DPUs, at least ``minimum`` seconds."""

    job: str
    seconds: float
    dpus: float
    rate: prices.Price
    spark: bool
    minimum: int = prices.GLUE_MINIMUM_SECONDS

    @property
    def usd(self) -> float:
        """Its price in USD."""
        return prices.glue_run(self.dpus, self.seconds, self.rate, self.minimum)


def billed(run: Mapping[str, Any]) -> JobRun | None:
    """Return how AWS bills a JobRun so far; None if it has not begun or never began, which is free.

    AWS does not bill the start of a run, nor the time in its queue.
    """
    if run["JobRunState"] in _NOT_BILLED or _never_began(run):
        return None
    # The log group tells the type of a run also if its job was deleted.
    spark = run.get("LogGroupName") != _PYTHON_SHELL
    version = run.get("GlueVersion", "") if spark else ""
    dpus = float(run["MaxCapacity"])
    # AWS returns DPUSeconds for runs whose capacity changes; it counts them instead of the capacity.
    seconds = run["DPUSeconds"] / dpus if run.get("DPUSeconds") else float(run["ExecutionTime"])
    rate = prices.glue_rate(version, run.get("ExecutionClass", ""))
    return JobRun(run["JobName"], seconds, dpus, rate, spark, prices.glue_minimum(version, not spark))


def run_cost(run: Mapping[str, Any]) -> Cost:
    """Return what a JobRun would have cost; 0 if it never began."""
    found = billed(run)
    if found is None:
        return Cost("Glue", f"{run['JobName']}: not begun", 0.0)
    seconds = max(found.seconds, found.minimum)
    minimum = f", the minimum of a run (it took {found.seconds:.0f} s)" if seconds > found.seconds else ""
    usage = f"{found.job}: {found.dpus:g} DPU for {seconds:.0f} s at ${found.rate.usd} per DPU-hour{minimum}"
    return Cost("Glue", usage, found.usd)


def _never_began(run: Mapping[str, Any]) -> bool:
    # A run that a trigger could not start ends when it is stored; one that is stopped in the queue has executed nothing.
    if "MaxCapacity" not in run or run.get("CompletedOn") == run["StartedOn"]:
        return True
    return bool(run["JobRunState"] == "STOPPED" and not run["ExecutionTime"])
