"""Puts a run's metrics into CloudWatch while it runs, under AWS's names and dimensions.

https://docs.aws.amazon.com/glue/latest/dg/monitoring-awsglue-with-cloudwatch-metrics.html
https://docs.aws.amazon.com/glue/latest/dg/monitor-observability.html
"""

import re
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.worker.log import say
from glue_local.worker.run_folder import Measured, RunFolder

_NAMESPACE = "Glue"
_PAUSE = 1.0
_CATEGORY = re.compile(r"Error Category: (\w+);")
# By the end of the name. Others are counts, or numbers without unit.
_UNITS = {
    "bytesRead": "Bytes",
    "shuffleBytesWritten": "Bytes",
    "shuffleLocalBytesRead": "Bytes",
    "elapsedTime": "Milliseconds",
    "heap.used": "Bytes",
    "diskSpaceUsed_MB": "Megabytes",
}

Datum = dict[str, Any]


class RunMetricsOutput:
    """Puts what the script's process writes into its folder, from a thread, until it is closed.

    If CloudWatch fails, the worker says so and the run does not fail.
    """

    def __init__(self, client: Any, run: Mapping[str, Any], folder: RunFolder) -> None:
        self._client, self._run, self._folder = client, run, folder
        self._before: Mapping[str, float] = {}
        self._put_at = 0.0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"metrics-{run['Id'][:12]}")
        self._thread.start()

    def close(self) -> None:
        """Put the last counts."""
        self._closing.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._closing.wait(_PAUSE):
            self._put_new()
        self._put_new()

    def _put_new(self) -> None:
        measured = self._folder.read_measured()
        if measured is not None and measured.at != self._put_at:
            _put(self._client, self._run, list(self._data(measured)))
            self._put_at, self._before = measured.at, measured.counts

    def _data(self, measured: Measured) -> Iterator[Datum]:
        at = datetime.fromtimestamp(measured.at, timezone.utc)
        for name, value in measured.counts.items():
            # AWS's counts are deltas since the last report: their sum over time is the total.
            yield from _for_run_and_job(self._run, name, max(value - self._before.get(name, 0.0), 0.0), "count", at)
        for name, value in measured.gauges.items():
            yield from _for_run_and_job(self._run, name, value, "gauge", at)


def put_outcome(client: Any, run: Mapping[str, Any], succeeded: bool, message: str | None) -> None:
    """Put whether a run succeeded, and the category of its error: observability metrics of the group ``error``."""
    counts = {"glue.succeed.ALL": float(succeeded), "glue.error.ALL": float(not succeeded)}
    category = _CATEGORY.match(message or "")
    if category and not succeeded:
        counts[f"glue.error.{category[1]}"] = 1.0
    at, group = datetime.now(timezone.utc), {"ObservabilityGroup": "error"}
    data = [each for name, value in counts.items() for each in _for_run_and_job(run, name, value, "count", at, group)]
    _put(client, run, data)


def _for_run_and_job(
    run: Mapping[str, Any], name: str, value: float, kind: str, at: datetime, more: Mapping[str, str] | None = None
) -> Iterator[Datum]:
    """Yield a value for the run and for all runs of its job."""
    otherwise = "Count" if kind == "count" else "None"
    unit = next((unit for end, unit in _UNITS.items() if name.endswith(f".{end}")), otherwise)
    for run_id in (run["Id"], "ALL"):
        dimensions = {"JobName": run["JobName"], "JobRunId": run_id, "Type": kind, **(more or {})}
        yield {
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()],
            "Timestamp": at,
            "Value": value,
            "Unit": unit,
        }


def _put(client: Any, run: Mapping[str, Any], data: list[Datum]) -> None:
    try:
        client.put_metric_data(Namespace=_NAMESPACE, MetricData=data)
    except (BotoCoreError, ClientError) as error:
        say(f"metrics of {run['Id']} are not in CloudWatch: {error}")
