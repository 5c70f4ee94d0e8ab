"""Connectors that doctor installs, in a real run."""

import json
from typing import Any

import pytest

from glue_local.prerequisites import connector, java
from glue_local.settings import machine
from tests.worker.conftest import ENDED, Bench

pytestmark = pytest.mark.long

# A JVM implementation of MongoDB's protocol; Spark has its other dependencies.
SERVER = connector.Jars(
    "mongo-java-server",
    "mongo-java-server-1.46.0",
    ("de.bwaldvogel:mongo-java-server:1.46.0",),
    "*mongo-java-server*.jar",
    excluded=tuple(
        f"io.netty:netty-{name}" for name in ("buffer", "codec", "common", "handler", "resolver", "transport")
    ),
)
SCRIPT = """
import json, sys
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from pyspark.context import SparkContext
context = GlueContext(SparkContext.getOrCreate())
spark = context.spark_session
mongo = spark._jvm.de.bwaldvogel.mongo
server = mongo.MongoServer(mongo.backend.memory.MemoryBackend())
options = {"uri": f"mongodb://localhost:{server.bind().getPort()}", "database": "db", "collection": "roads"}
roads = DynamicFrame.fromDF(spark.createDataFrame([(1, "R1"), (2, "E40")], "_id int, road string"), context, "roads")
context.write_dynamic_frame.from_options(roads, "mongodb", options)
changed = DynamicFrame.fromDF(spark.createDataFrame([(2, "E19")], "_id int, road string"), context, "changed")
context.write_dynamic_frame.from_options(changed, "documentdb", options)
found = context.create_dynamic_frame.from_options("documentdb", {**options, "partitioner": "MongoSamplePartitioner"})
print(json.dumps(sorted((row["_id"], row["road"]) for row in found.toDF().collect())))
server.shutdownNow()
"""


@pytest.fixture(scope="module")
def servers_jars() -> list[Any]:
    """The jars of MongoDB's connector for the worker's class path, and those of a server."""
    here = machine()
    found = java.find(here.java_home)
    connector.install(here.cache, found, print, connector.CONNECTORS["mongodb"])
    return sorted(connector.install(here.cache, found, print, SERVER).glob("*.jar"))


def test_documents_are_written_and_read(servers_jars: list[Any], bench: Bench) -> None:
    for jar in servers_jars:
        bench.s3.put_object(Bucket="scripts", Key=jar.name, Body=jar.read_bytes())
    extra = ",".join(f"s3://scripts/{jar.name}" for jar in servers_jars)
    name = bench.job(SCRIPT, "glueetl", DefaultArguments={"--extra-jars": extra})
    run_id = bench.start(name)
    bench.await_state(name, run_id, *ENDED, seconds=400)
    done = bench.ended(name, run_id)
    assert done.state == "SUCCEEDED", (done.message, done.error[-30:])
    assert json.loads(done.output[-1]) == [[1, "R1"], [2, "E19"]]
