"""What the JVM of a run calls is known to be the run's, as what its Python calls is."""

import json
import urllib.request
from typing import Any

SCRIPT = """\
import boto3
from pyspark.sql import SparkSession
SparkSession.builder.getOrCreate().range(3).write.parquet("s3://called/out/")
boto3.client("glue").get_databases()
"""


def test_calls_of_spark_and_boto3_are_told_by_job(bench: Any) -> None:
    bench.s3.create_bucket(Bucket="called")
    done = bench.run(SCRIPT, "glueetl")
    assert done.state == "SUCCEEDED", done
    with urllib.request.urlopen(f"{bench.server.endpoint}/_glue_local/calls/{done.run['JobName']}") as answer:
        told = json.load(answer)
    calls = {(each["Action"], each["Resource"]) for each in told["Calls"]}
    assert told["Runs"] == 1
    assert ("s3:PutObject", "arn:aws:s3:::called/out/*") in calls
    assert ("glue:GetDatabases", "arn:aws:glue:us-east-1:000000000000:catalog") in calls
    assert not any("warm-up" in resource for _, resource in calls)
