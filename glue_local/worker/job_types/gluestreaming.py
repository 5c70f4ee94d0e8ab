"""Streaming jobs: executed like Spark jobs, until stopped; AWS has no default timeout for them."""

from glue_local.worker.drivers.run_process import Running
from glue_local.worker.job_types import glueetl
from glue_local.worker.launch_context import LaunchContext

COMMAND = "gluestreaming"


def launch(context: LaunchContext) -> Running:
    """Send the run's order to a Spark driver; raises CannotStart."""
    return glueetl.launch(context)
