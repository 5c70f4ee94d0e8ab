"""Spark's event logs in S3, complete and in Spark's format."""

import json
from pathlib import Path
from typing import Any

import pytest

from glue_local.worker.run_folder import RunFolder
from glue_local.worker.telemetry.spark_event_logs import EventLogs, destination, settings

SPARK_UI = {"--enable-spark-ui": "true", "--spark-event-logs-path": "s3://ui-logs/spark/"}


@pytest.mark.parametrize(
    ("arguments", "to"),
    [
        ({}, None),
        ({"--spark-event-logs-path": "s3://b/"}, None),
        ({"--enable-spark-ui": "true"}, None),
        ({"--enable-spark-ui": "false", "--spark-event-logs-path": "s3://b/"}, None),
        ({"--enable-spark-ui": "", "--spark-event-logs-path": "s3://b/"}, "s3://b/"),
    ],
)
def test_both_arguments_are_needed(arguments: dict[str, str], to: str | None) -> None:
    assert destination(arguments) == to


def test_another_path_is_refused() -> None:
    with pytest.raises(ValueError, match="must be an S3 path such as s3://bucket/folder/, not /tmp/logs"):
        destination({"--enable-spark-ui": "true", "--spark-event-logs-path": "/tmp/logs"})


def test_a_log_is_copied_and_replaces_its_unfinished_copy(aws: Any, tmp_path: Path) -> None:
    s3, folder = aws("s3"), RunFolder(tmp_path / "run").create()
    s3.create_bucket(Bucket="copied")
    assert settings(folder, "j jr_1")["spark.eventLog.dir"] == f"file://{folder.event_logs}"
    log = folder.event_logs / "local-1.inprogress"
    log.write_text("one\n")
    logs = EventLogs(s3, folder, "s3://copied/a/b")
    logs._copy()
    assert s3.get_object(Bucket="copied", Key="a/b/local-1.inprogress")["Body"].read() == b"one\n"
    log.write_text("one\ntwo\n")
    log.rename(folder.event_logs / "local-1")
    logs.close()
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="copied")["Contents"]] == ["a/b/local-1"]
    assert s3.get_object(Bucket="copied", Key="a/b/local-1")["Body"].read() == b"one\ntwo\n"


def test_a_missing_bucket_is_said_and_does_not_fail_the_run(
    aws: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path / "run").create()
    settings(folder, "j jr_1")
    (folder.event_logs / "local-1").write_text("one\n")
    EventLogs(aws("s3"), folder, "s3://absent-bucket/").close()
    said = capsys.readouterr()
    assert "Spark's event log is not in s3://absent-bucket/: " in said.out + said.err


@pytest.mark.long
def test_a_run_leaves_a_complete_event_log(bench: Any) -> None:
    bench.s3.create_bucket(Bucket="ui-logs")
    script = "from pyspark.context import SparkContext\nprint(SparkContext().parallelize(range(9), 3).count())\n"
    done = bench.run(script, "glueetl", DefaultArguments=SPARK_UI)
    assert (done.state, done.output) == ("SUCCEEDED", ["9"]), done
    [log] = bench.s3.list_objects_v2(Bucket="ui-logs")["Contents"]
    assert log["Key"].startswith("spark/local-")
    lines = bench.s3.get_object(Bucket="ui-logs", Key=log["Key"])["Body"].read().decode().splitlines()
    events = [json.loads(line) for line in lines]
    named = [event for event in events if event["Event"] == "SparkListenerApplicationStart"]
    assert [event["App Name"] for event in named] == [f"{done.run['JobName']} {done.run['Id']}"]
    assert sum(event["Event"] == "SparkListenerTaskEnd" for event in events) >= 3
    assert events[-1]["Event"] == "SparkListenerApplicationEnd"
