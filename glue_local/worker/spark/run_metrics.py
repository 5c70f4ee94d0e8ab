"""What Spark has counted for a run, read in the script's process and written to the run's folder for the agent.

The names are those of Glue's metrics: https://docs.aws.amazon.com/glue/latest/dg/monitoring-awsglue-with-cloudwatch-metrics.html
"""

import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from glue_local.worker.run_folder import Measured, RunFolder

_EVERY = 30.0  # seconds, as on AWS
_MEGABYTE = 1024**2
_SETTLED_WITHIN = 2000  # milliseconds
# Of a finished or running stage: our metric, and the member of Spark's StageData.
_OF_STAGES = {
    "recordsRead": "inputRecords",
    "numKilledTasks": "numKilledTasks",
    "shuffleLocalBytesRead": "shuffleLocalBytesRead",
}
# Spark keeps no more than a thousand stages, but the sums of every executor.
_OF_EXECUTORS = {
    "bytesRead": "totalInputBytes",
    "numCompletedTasks": "completedTasks",
    "numFailedTasks": "failedTasks",
    "shuffleBytesWritten": "totalShuffleWrite",
}


class RunMetrics:
    """Counts of all Spark contexts of one run, without those of the warm-up before it.

    ``connected`` returns PySpark's gateway, None while the script has not asked for Spark.
    """

    def __init__(self, folder: RunFolder, connected: Callable[[], Any]) -> None:
        self._folder, self._connected = folder, connected
        self._began = time.monotonic()
        self._lock, self._done = threading.Lock(), threading.Event()
        self._application = ""
        self._ended: Counter[str] = Counter()
        self._now: Counter[str] = Counter()
        self._stages: dict[tuple[int, int], Counter[str]] = {}
        self._gauges: dict[str, float] = {}
        threading.Thread(target=self._follow, name="glue-local-metrics", daemon=True).start()

    def begin(self, gateway: Any) -> None:
        """Subtract what the warm context has counted before the script gets it."""
        with self._lock, contextlib.suppress(Exception):
            self._read(gateway)
            self._ended = Counter({name: -count for name, count in self._now.items()})

    def write(self) -> None:
        """Write the counts so far, of ended contexts too."""
        with self._lock, contextlib.suppress(Exception):  # py4j raises different exceptions for a JVM that ends
            gateway = self._connected()
            if gateway is not None:
                # Events of finished tasks may still be on their way.
                self._read(gateway, settle=self._done.is_set())
            counts = {f"glue.driver.aggregate.{name}": float(self._now[name] + self._ended[name]) for name in _COUNTED}
            counts["glue.driver.aggregate.elapsedTime"] = round((time.monotonic() - self._began) * 1000.0)
            self._folder.write_measured(Measured(time.time(), counts, self._gauges))

    def close(self) -> None:
        """Write the last counts and stop."""
        self._done.set()
        self.write()

    def _follow(self) -> None:
        while not self._done.wait(_EVERY):
            self.write()

    def _read(self, gateway: Any, settle: bool = False) -> None:
        companion = getattr(getattr(gateway.jvm.org.apache.spark, "SparkContext$"), "MODULE$")
        active = companion.getActive()
        if not active.isDefined():
            return
        context = active.get()
        if self._application != context.applicationId():
            self._ended.update(self._now)
            self._application, self._now, self._stages = context.applicationId(), Counter(), {}
        if settle:
            context.listenerBus().waitUntilEmpty(_SETTLED_WITHIN)
        executors, stages = _summaries(context.statusStore(), gateway)
        self._now = Counter({name: sum(each[member] for each in executors) for name, member in _OF_EXECUTORS.items()})
        self._stages.update({(stage["stageId"], stage["attemptId"]): _counts(stage) for stage in stages})
        for stage in self._stages.values():
            self._now.update(stage)
        heap = gateway.jvm.java.lang.management.ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()
        self._gauges = {
            "glue.driver.jvm.heap.used": float(heap.getUsed()),
            "glue.driver.jvm.heap.usage": heap.getUsed() / heap.getMax(),
            "glue.driver.BlockManager.disk.diskSpaceUsed_MB": float(
                sum(each["diskUsed"] for each in executors) // _MEGABYTE
            ),
        }


_COUNTED = (*_OF_EXECUTORS, *_OF_STAGES, "numCompletedStages")


def _summaries(store: Any, gateway: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return Spark's ExecutorSummary and StageData of all executors and stages, as in its REST API.

    As JSON, because py4j needs a call for every member otherwise. https://spark.apache.org/docs/3.5.4/monitoring.html#rest-api
    """
    new_list, no_quantiles = gateway.jvm.java.util.ArrayList, gateway.new_array(gateway.jvm.double, 0)
    mapper = gateway.jvm.org.apache.spark.status.api.v1.JacksonMessageWriter().mapper()
    stages = store.stageList(new_list(), False, False, no_quantiles, new_list())
    return json.loads(mapper.writeValueAsString(store.executorList(False))), json.loads(
        mapper.writeValueAsString(stages)
    )


def _counts(stage: dict[str, Any]) -> Counter[str]:
    counts = Counter({name: int(stage[member]) for name, member in _OF_STAGES.items()})
    counts["numCompletedStages"] = int(stage["status"] == "COMPLETE")
    return counts
