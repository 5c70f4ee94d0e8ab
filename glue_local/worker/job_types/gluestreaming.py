"""Streaming jobs: executed like Spark jobs, until stopped; AWS gives them no time-out unless the definition does."""

from glue_local.worker.bench import Bench
from glue_local.worker.drivers import RunProcess
from glue_local.worker.job_types import glueetl

COMMAND = "gluestreaming"


def launch(bench: Bench) -> RunProcess:
    """Give the run's order to a Spark driver; raises CannotStart."""
    return glueetl.launch(bench)
