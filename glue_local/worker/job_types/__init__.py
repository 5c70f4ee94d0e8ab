"""The job types: each a module with ``COMMAND``, its name in AWS, and ``launch``, from a claim to a process."""

from collections.abc import Callable

from glue_local.worker.bench import Bench
from glue_local.worker.drivers import RunProcess
from glue_local.worker.job_types import glueetl, gluestreaming, pythonshell

Launch = Callable[[Bench], RunProcess]

JOB_TYPES: tuple[tuple[str, Launch], ...] = (
    (glueetl.COMMAND, glueetl.launch),
    (gluestreaming.COMMAND, gluestreaming.launch),
    (pythonshell.COMMAND, pythonshell.launch),
)
