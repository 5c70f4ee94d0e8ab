"""A Spark standalone cluster: a job gets the executors in its definition, or its run fails."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.e2e.compose import SERVICES, ComposeStack
from tests.integration.workflow import Result
from tests.integration.workflow import run as run_workflow
from tests.worker.conftest import ENDED, Bench

SCRIPT = """import lanes
import sys
from awsglue.utils import getResolvedOptions
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
context = spark.sparkContext
found = context._jsc.sc().getExecutorMemoryStatus()
print("executors", found.size() - 1)
state = context._jvm.org.apache.spark.SparkEnv.get().conf()
print(state.get("spark.executor.cores"), state.get("spark.executor.memory"), context.defaultParallelism)
hosts = context.parallelize(range(8), 8).map(lambda n: __import__("time").sleep(0.5) or __import__("socket").gethostname())
print("hosts", len(set(hosts.collect())))
print("module", context.parallelize([1, 2]).map(lambda n: lanes.count(n)).collect())
spark.range(1000).repartition(4).write.mode("overwrite").parquet("s3://data/cluster/")
print("rows", spark.read.parquet("s3://data/cluster/").count())
def look_up(_):
    import socket
    try:
        return socket.gethostbyname("s3.amazonaws.com")
    except OSError as refused:
        return "glue-local" in str(refused)
print("guarded", set(context.parallelize(range(2), 2).map(look_up).collect()))
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[ComposeStack]:
    """The Compose stack with a cluster of two Spark workers."""
    services = (*SERVICES, "spark-master", "spark-worker")
    knobs = {
        "CLUSTER_WORKERS": "2",
        "CLUSTER_WORKER_CORES": "1",
        "CLUSTER_WORKER_MEMORY": "1g",
        "GLUE_LOCAL_EXECUTORS_WAIT": "30",
    }
    stack = ComposeStack("docker-compose.cluster.yml", services=services, **knobs)
    try:
        stack.up()
        yield stack
    finally:
        stack.down()


@pytest.fixture(scope="module")
def bench(stack: ComposeStack) -> Bench:
    """Runs scripts on the cluster."""
    bench = Bench(SimpleNamespace(endpoint=f"http://localhost:{stack.port}"))  # type: ignore[arg-type]
    bench.s3.create_bucket(Bucket="data")
    bench.s3.put_object(Bucket="scripts", Key="lib/lanes.py", Body=b"def count(n):\n    return n + 1\n")
    return bench


def run(bench: Any, **definition: Any) -> Any:
    name = bench.job(SCRIPT, "glueetl", **definition)
    run_id = bench.start(name)
    # Starts two more JVMs than other tests.
    bench.await_state(name, run_id, *ENDED, seconds=300)
    return bench.ended(name, run_id)


def test_a_run_gets_the_executors_in_its_definition(bench: Any) -> None:
    arguments = {"--extra-py-files": "s3://scripts/lib/lanes.py"}
    done = run(bench, WorkerType="G.1X", NumberOfWorkers=3, DefaultArguments=arguments)
    assert done.state == "SUCCEEDED", done
    assert done.output == [
        "executors 2",
        "1 1024m 2",
        "hosts 2",
        "module [2, 3]",
        "rows 1000",
        "guarded {True}",
    ]
    assert "3 x G.1X = 2 executors of 1 cores and 1024 MB" in done.error[0]


def test_too_few_executors_fail_the_run(bench: Any) -> None:
    done = run(bench, WorkerType="G.1X", NumberOfWorkers=5)
    assert (done.state, done.output) == ("FAILED", [])
    assert done.message.startswith("The cluster provided 2 of 4 executors within 30 seconds: ask for fewer")


def test_the_workflows_result_equals_that_of_one_machine(stack: ComposeStack, without_containers: Result) -> None:
    stack.provision()
    assert run_workflow(stack) == without_containers
