"""A run's metrics in CloudWatch, read with boto3 as from AWS."""

import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from glue_local.worker.run_folder import Measured, RunFolder
from glue_local.worker.telemetry.cloudwatch_metrics import RunMetricsOutput

METRICS = {"--enable-metrics": "true", "--enable-observability-metrics": "true"}


def statistics(
    client: Any, run: dict[str, Any], metric: str, statistic: str, kind: str = "count", **more: str
) -> float:
    """Return a statistic over all of a run's data; ``more`` are further dimensions."""
    dimensions = {"JobName": run["JobName"], "JobRunId": run["Id"], "Type": kind, **more}
    now = datetime.now(timezone.utc)
    found = client("cloudwatch").get_metric_statistics(
        Namespace="Glue",
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=24 * 3600,
        Statistics=[statistic],
    )["Datapoints"]
    assert found, metric
    return float(sum(point[statistic] for point in found))


def test_counts_are_put_as_deltas_and_gauges_as_they_are(aws: Any, tmp_path: Path) -> None:
    folder, run = RunFolder(tmp_path / "run").create(), {"JobName": "j", "Id": "jr_1"}
    bytes_read, heap = "glue.driver.aggregate.bytesRead", "glue.driver.jvm.heap.used"
    # Written before the output follows the folder: its first look takes it, its last one takes the next.
    folder.write_measured(Measured(time.time(), {bytes_read: 10.0}, {heap: 5.0}))
    output = RunMetricsOutput(aws("cloudwatch"), run, folder)
    listed: list[Any] = []
    while not listed:
        listed = aws("cloudwatch").list_metrics(Namespace="Glue", MetricName=heap)["Metrics"]
    folder.write_measured(Measured(time.time(), {bytes_read: 17.0}, {heap: 4.0}))
    output.close()
    for run_id in ("jr_1", "ALL"):
        one = {**run, "Id": run_id}
        assert statistics(aws, one, bytes_read, "Sum") == 17
        assert statistics(aws, one, bytes_read, "Maximum") == 10
        assert statistics(aws, one, heap, "Minimum", "gauge") == 4


@pytest.mark.long
def test_what_spark_counts_is_in_cloudwatch_without_the_warm_up(bench: Any) -> None:
    bench.s3.create_bucket(Bucket="counted")
    bench.s3.put_object(Bucket="counted", Key="in.csv", Body=b"n\n" + b"".join(b"%d\n" % n for n in range(1000)))
    name = bench.job(
        "from pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.getOrCreate()\n"
        "frame = spark.read.csv('s3://counted/in.csv', header=True, schema='n int')\n"
        "print(frame.repartition(3).count())\n"
        "spark.stop()\n"
        "print(SparkSession.builder.getOrCreate().sparkContext.parallelize(range(4), 4).count())\n",
        "glueetl",
        DefaultArguments=METRICS,
    )
    run_id = bench.start(name)
    # It is often the first run of its worker, on a driver that is still starting, and needs a second context.
    bench.await_state(name, run_id, "SUCCEEDED", "FAILED", seconds=600)
    done = bench.ended(name, run_id)
    assert (done.state, done.output) == ("SUCCEEDED", ["1000", "4"]), done
    assert not any("cold start" in line for line in done.error), "metrics need no cold start"

    def total(name: str) -> float:
        return statistics(bench.client, done.run, f"glue.driver.aggregate.{name}", "Sum")

    assert total("recordsRead") in (1000, 1001), "Spark counts the header, or not"
    assert 3000 < total("bytesRead") < 20_000
    assert total("numCompletedStages") == 4, "read, shuffle, count, and the other context's"
    assert total("numCompletedTasks") == 1 + 3 + 1 + 4
    assert (total("numFailedTasks"), total("numKilledTasks")) == (0, 0)
    assert total("shuffleBytesWritten") > 100
    assert total("shuffleLocalBytesRead") == total("shuffleBytesWritten")
    assert 100 < total("elapsedTime") < 1000 * (done.run["ExecutionTime"] + 60)
    used = statistics(bench.client, done.run, "glue.driver.jvm.heap.used", "Maximum", "gauge")
    usage = statistics(bench.client, done.run, "glue.driver.jvm.heap.usage", "Maximum", "gauge")
    assert used > 10_000_000
    assert 0 < usage < 1
    statistics(bench.client, done.run, "glue.driver.BlockManager.disk.diskSpaceUsed_MB", "Maximum", "gauge")
    of_the_job = {**done.run, "Id": "ALL"}
    assert statistics(bench.client, of_the_job, "glue.driver.aggregate.recordsRead", "Sum") == total("recordsRead")
    group = {"ObservabilityGroup": "error"}
    assert statistics(bench.client, done.run, "glue.succeed.ALL", "Sum", **group) == 1
    assert statistics(bench.client, done.run, "glue.error.ALL", "Sum", **group) == 0


def test_a_failure_counts_with_its_category_and_other_runs_put_nothing(bench: Any) -> None:
    failed = bench.run("raise ValueError('x')\n", "glueetl", DefaultArguments=METRICS)
    assert failed.state == "FAILED"
    group = {"ObservabilityGroup": "error"}
    assert statistics(bench.client, failed.run, "glue.error.ALL", "Sum", **group) == 1
    assert statistics(bench.client, failed.run, "glue.error.UNCLASSIFIED_ERROR", "Sum", **group) == 1
    quiet = bench.run("print(1)\n", "pythonshell", DefaultArguments={"--enable-metrics": ""})
    assert quiet.state == "SUCCEEDED"
    names = bench.client("cloudwatch").list_metrics(Namespace="Glue")["Metrics"]
    assert quiet.run["Id"] not in {each["Value"] for metric in names for each in metric["Dimensions"]}
