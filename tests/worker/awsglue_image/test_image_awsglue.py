"""Runs on a real worker with glue-local's awsglue and with one that calls AWS: both read and write the same data."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glue_local.cli.up import settings_for
from glue_local.server import Server
from glue_local.settings import Settings
from tests.worker.conftest import Bench

ROOT = Path(__file__).parents[3]
SCRIPT = """import sys
import awsglue
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME"])
context = GlueContext(SparkContext.getOrCreate())
job = Job(context)
job.init(args["JOB_NAME"], args)
options = {"paths": ["s3://BUCKET/in/"], "recurse": True}
reads = {
    "reader": lambda name: context.create_dynamic_frame.from_options("s3", options, "json", transformation_ctx=name),
    "method": lambda name: context.create_dynamic_frame_from_options("s3", options, "json", transformation_ctx=name),
    "data frame": lambda name: context.create_data_frame_from_options("s3", options, "json", transformation_ctx=name),
    "catalog": lambda name: context.create_dynamic_frame.from_catalog("db", "BUCKET", transformation_ctx=name),
    "no name": lambda name: context.create_dynamic_frame.from_options("s3", options, "json"),
}
for name, read in reads.items():
    frame = read(name.replace(" ", "_"))
    frame = frame.toDF() if hasattr(frame, "toDF") and name != "data frame" else frame
    print(name, sorted(row["n"] for row in frame.collect()))
if "--fail" in sys.argv:
    raise ValueError("before the commit")
job.commit()
print(awsglue.__file__)
"""


@pytest.fixture(params=["ours", "foreign"], scope="module")
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A server, and a worker as in the image: with the image's awsglue, and glue-local's mounted elsewhere."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "glue-local").mkdir()
    (folder / "glue-local" / "glue_local").symlink_to(ROOT / "glue_local")
    told = settings_for(0, None).child_environment
    with Server(Settings(port=0, data_dir=folder / "data", children=())) as server:
        environment = {
            **os.environ,
            **told,
            "PYTHONPATH": os.pathsep.join([str(folder / "glue-local"), str(ROOT / "tests" / "worker" / "foreign")]),
            "GLUE_LOCAL_AWSGLUE": "ours" if request.param == "ours" else "image",
            "GLUE_LOCAL_OUR_AWSGLUE": str(ROOT),
            "GLUE_LOCAL_ENDPOINT": server.endpoint,
            "GLUE_LOCAL_TOKEN": server.private.bearer,
            "GLUE_LOCAL_DATA_DIR": str(folder / "worker"),
            "GLUE_LOCAL_WARM_DRIVERS": "1",
        }
        command = [sys.executable, "-m", "glue_local.worker"]
        with subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL) as worker:
            bench = Bench(server)
            bench.which = request.param  # type: ignore[attr-defined]
            yield bench
            worker.terminate()


class Job:
    """A job that reads a bucket of numbered files."""

    def __init__(self, bench: Any, bucket: str) -> None:
        self.bench, self.bucket = bench, bucket
        bench.s3.create_bucket(Bucket=bucket)
        storage = {
            "Location": f"s3://{bucket}/in/",
            "Columns": [{"Name": "n", "Type": "int"}],
            "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
        }
        if not bench.glue.get_databases()["DatabaseList"]:
            bench.glue.create_database(DatabaseInput={"Name": "db"})
        bench.glue.create_table(DatabaseName="db", TableInput={"Name": bucket, "StorageDescriptor": storage})
        self.name = bench.job(SCRIPT.replace("BUCKET", bucket), "glueetl")

    def put(self, number: int, key: str = "") -> None:
        self.bench.s3.put_object(
            Bucket=self.bucket, Key=f"in/{key or number}.json", Body=f'{{"n": {number}}}\n'.encode()
        )

    def run(self, option: str = "enable", state: str = "SUCCEEDED", **arguments: str) -> dict[str, list[int]]:
        """Run the job and return the results of each read method."""
        given = {"job-bookmark-option": f"job-bookmark-{option}", **arguments}
        ended = self.bench.ended(self.name, self.bench.start(self.name, **given))
        assert ended.state == state, ended
        if state == "SUCCEEDED":
            which = "foreign" in ended.output[-1]
            assert which == (self.bench.which == "foreign"), ended.output[-1]
        lines = [line.split(" [") for line in ended.output if line.endswith("]")]
        return {way: [int(n) for n in numbers.strip("]").split(",") if n] for way, numbers in lines}


def each(numbers: list[int], everything: list[int]) -> dict[str, list[int]]:
    ways = ("reader", "method", "data frame", "catalog")
    return {**dict.fromkeys(ways, numbers), "no name": everything}


# tests/awsglue/test_bookmarks.py and the end-to-end tests cover the bookmarks of glue-local's own awsglue.
@pytest.mark.long
@pytest.mark.parametrize("bench", ["foreign"], indirect=True)
def test_a_committed_run_moves_the_bookmark_and_a_failed_one_does_not(bench: Any) -> None:
    job = Job(bench, f"numbers-{bench.which}")  # moto has one account for both servers
    job.put(1), job.put(2, "k=1/two")
    assert job.run(state="FAILED", fail="") == each([1, 2], [1, 2])
    assert job.run() == each([1, 2], [1, 2])
    job.put(3, "k=1/three"), job.put(4, "k=2/four")
    assert job.run("pause") == each([3, 4], [1, 2, 3, 4])
    assert job.run("disable") == each([1, 2, 3, 4], [1, 2, 3, 4])
    assert job.run() == each([3, 4], [1, 2, 3, 4])
    assert job.run() == each([], [1, 2, 3, 4])
    bench.glue.reset_job_bookmark(JobName=job.name)
    assert job.run() == each([1, 2, 3, 4], [1, 2, 3, 4])


SERVICES = """import sys
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job
from pyspark.context import SparkContext

context = GlueContext(SparkContext.getOrCreate())
spark = context.spark_session
rows = spark.createDataFrame([(1, "x"), (2, "y")], "n int, k string")
frame = DynamicFrame.fromDF(rows, context, "rows")
sink = context.getSink("s3", path="s3://BUCKET/new/", enableUpdateCatalog=True, partitionKeys=["k"])
sink.setCatalogInfo(catalogDatabase="services", catalogTableName="BUCKET")
sink.setFormat("json")
sink.writeFrame(frame)
for write in (context.write_dynamic_frame_from_catalog, context.write_dynamic_frame.from_catalog):
    added = DynamicFrame.fromDF(rows.selectExpr("n + 10 as n", "k"), context, "added")
    write(added, "services", "BUCKET", additional_options={"partitionKeys": ["k"]})
read = context.create_dynamic_frame.from_catalog("services", "BUCKET", push_down_predicate="k = 'x'")
print(type(read).__module__, sorted((row["n"], row["k"]) for row in read.toDF().collect()))
print(sorted(row["n"] for row in context.create_data_frame_from_catalog("services", "BUCKET").collect()))
print(spark.sql("select count(*) from services.`BUCKET`").head()[0])
context.purge_table("services", "BUCKET", {"retentionPeriod": 0})
print(context.create_dynamic_frame.from_catalog("services", "BUCKET").count())
stream = context.create_data_frame.from_options(
    "kinesis", {"streamARN": "arn:aws:kinesis:us-east-1:000000000000:stream/BUCKET", "startingPosition": "TRIM_HORIZON",
    "classification": "json", "inferSchema": "true"})
def batch(data, number):
    print("window", [row.asDict() for row in data.collect()])
    raise SystemExit
context.forEachBatch(stream, batch, {"windowSize": "1 second", "checkpointLocation": "s3://BUCKET/checkpoint/"})
"""


@pytest.mark.long
def test_calls_to_aws_services_are_answered_by_glue_local(bench: Any) -> None:
    bucket = f"services-{bench.which}"
    bench.s3.create_bucket(Bucket=bucket)
    bench.glue.create_database(DatabaseInput={"Name": "services"})
    kinesis = bench.client("kinesis")
    kinesis.create_stream(StreamName=bucket, ShardCount=1)
    kinesis.put_record(StreamName=bucket, Data=b'{"n": 5}', PartitionKey="a")
    name = bench.job(SERVICES.replace("BUCKET", bucket), "glueetl")
    ended = bench.ended(name, bench.start(name, **{"enable-glue-datacatalog": "true"}))
    assert ended.state == "SUCCEEDED", (
        ended.message,
        [line for line in ended.error if "Error" in line or "Exception" in line][:8],
    )
    module, *printed = ended.output
    assert module.startswith("awsglue.")
    assert module.endswith(" [(1, 'x'), (11, 'x'), (11, 'x')]")
    assert printed == ["[1, 2, 11, 11, 12, 12]", "6", "0", "window [{'n': 5}]"]
