"""The job types: each module has ``COMMAND``, its name on AWS, and ``launch``, which starts a claim's process."""

from collections.abc import Callable

from glue_local.worker.drivers.run_process import Running
from glue_local.worker.job_types import glueetl, gluestreaming, pythonshell
from glue_local.worker.launch_context import LaunchContext

Launch = Callable[[LaunchContext], Running]

JOB_TYPES: tuple[tuple[str, Launch], ...] = (
    (glueetl.COMMAND, glueetl.launch),
    (gluestreaming.COMMAND, gluestreaming.launch),
    (pythonshell.COMMAND, pythonshell.launch),
)
