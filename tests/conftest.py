"""Fixtures that many test modules share: a server, AWS clients of it."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from glue_local.server import Server


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """A server in this process on a free port, without worker and delivery processes."""
    # Here, not above: importing the server costs half a second that tests without one need not pay.

    from glue_local.server import Server
    from glue_local.settings import Settings

    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("glue-local"), children=False)
    with Server(settings) as server:
        yield server


@pytest.fixture
def aws(endpoint: "Server") -> Callable[..., Any]:
    """Make a boto3 client of ``endpoint``: ``aws("glue")``, in another account with ``aws("glue", "111122223333")``."""

    def client(service: str, account: str = "000000000000", region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            endpoint_url=endpoint.endpoint,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    return client


@pytest.fixture(scope="session")
def miv_samples() -> Path:
    """The folder with the real minute; without it the tests that need it are skipped, in CI they fail."""
    folder = os.environ.get("MIV_SAMPLES")
    if folder:
        return Path(folder)
    reason = "MIV_SAMPLES does not name the folder with the real minute"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SparkSession]":
    """The one Spark session of a test process, its ``s3://`` wherever ``fs.s3a.endpoint`` says; fails without Java."""
    # Here, not above: tests without Spark need not pay for its import.
    from pyspark.sql import SparkSession

    from glue_local.prerequisites import connector, java
    from glue_local.settings import machine
    from glue_local.worker.spark_conf import spark_conf

    os.environ["JAVA_HOME"] = str(java.find(os.environ.get("JAVA_HOME")).home)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    folder = tmp_path_factory.mktemp("spark")
    builder = SparkSession.builder.master("local[2]")
    ours = spark_conf("http://127.0.0.1:1", str(connector.check(machine().cache)), warehouse=str(folder))
    for name in ours:
        if name.startswith(("spark.hadoop.", "spark.sql.", "spark.driver.extraClassPath")):
            builder = builder.config(name, ours[name])
    session = (
        builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.hadoop.fs.s3a.committer.staging.tmp.path", f"file://{folder}/staging")
        .config("spark.sql.adaptive.coalescePartitions.initialPartitionNum", "4")
        .config("spark.local.dir", str(folder))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
