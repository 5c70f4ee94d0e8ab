"""Calls from a run's JVM are attributed to the run, like its Python's calls."""

import json
import urllib.request
from typing import Any

import pytest

SCRIPT = """\
import boto3
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().range(3).write.parquet("s3://called/out/")
boto3.client("glue").get_databases()
"""


# Additional modules may require a new Spark context.
@pytest.mark.parametrize("modules", [{}, {"--extra-py-files": "s3://called/lib/shared.py"}], ids=["alone", "modules"])
def test_calls_of_spark_and_boto3_are_recorded_by_job(bench: Any, modules: dict[str, str]) -> None:
    bench.s3.create_bucket(Bucket="called")
    bench.s3.put_object(Bucket="called", Key="lib/shared.py", Body=b"")
    done = bench.run(SCRIPT.replace("/out/", f"/out{len(modules)}/"), "glueetl", DefaultArguments=modules)
    assert done.state == "SUCCEEDED", done
    with urllib.request.urlopen(f"{bench.server.endpoint}/_glue_local/calls/{done.run['JobName']}") as answer:
        told = json.load(answer)
    calls = {(each["Action"], each["Resource"]) for each in told["Calls"]}
    assert told["Runs"] == 1
    assert ("s3:PutObject", f"arn:aws:s3:::called/out{len(modules)}/*") in calls
    assert ("glue:GetDatabases", "arn:aws:glue:us-east-1:000000000000:catalog") in calls
    assert not any("warm-up" in resource for _, resource in calls)
