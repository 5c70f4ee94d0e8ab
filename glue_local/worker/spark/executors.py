"""A job's WorkerType and NumberOfWorkers as Spark's executors on a cluster.

Page: https://docs.aws.amazon.com/glue/latest/dg/add-job.html (worker types)
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

VARIABLE = "GLUE_LOCAL_EXECUTORS"

# vCPUs and GB of memory of one worker.
_WORKERS = {
    "Standard": (4, 16),
    "G.025X": (2, 4),
    "G.1X": (4, 16),
    "G.2X": (8, 32),
    "G.4X": (16, 64),
    "G.8X": (32, 128),
    "G.12X": (48, 192),
    "G.16X": (64, 256),
    "R.1X": (4, 32),
    "R.2X": (8, 64),
    "R.4X": (16, 128),
    "R.8X": (32, 256),
}
_LEAST_MB = 512  # Spark's own limit is 450 MB


class Executors(NamedTuple):
    """The number of executors, the cores and megabytes of each, and the part of the definition that requested them."""

    number: int
    cores: int
    memory: int
    definition: str

    @classmethod
    def of(cls, run: Mapping[str, Any], cpu_scale: float, memory_scale: float) -> "Executors":
        """Return the executors of a JobRun: one worker is the driver's, as on AWS; MaxCapacity counts as G.1X.

        ``cpu_scale`` and ``memory_scale`` scale AWS's machines to local ones; the minimum is a core and 512 MB.
        """
        kind = run.get("WorkerType", "G.1X")
        workers = int(run.get("NumberOfWorkers") or run.get("MaxCapacity") or 2)
        if kind not in _WORKERS:
            raise ValueError(f"unknown worker type {kind}; known types: {', '.join(_WORKERS)}")
        cpus, gigabytes = _WORKERS[kind]
        return cls(
            number=max(workers - 1, 1),
            cores=max(int(cpus * cpu_scale), 1),
            memory=max(int(gigabytes * 1024 * memory_scale), _LEAST_MB),
            definition=f"{workers} x {kind}",
        )

    @property
    def settings(self) -> dict[str, str]:
        """The Spark settings that make a cluster's manager provide exactly these: standalone, YARN and Kubernetes."""
        partitions = str(2 * self.number * self.cores)
        return {
            "spark.executor.instances": str(self.number),
            "spark.executor.cores": str(self.cores),
            "spark.executor.memory": f"{self.memory}m",
            # The limit of an application on a standalone cluster.
            "spark.cores.max": str(self.number * self.cores),
            "spark.dynamicAllocation.enabled": "false",
            "spark.sql.shuffle.partitions": partitions,
            "spark.sql.adaptive.coalescePartitions.initialPartitionNum": partitions,
        }

    def __str__(self) -> str:
        return f"{self.definition} = {self.number} executors of {self.cores} cores and {self.memory} MB"
