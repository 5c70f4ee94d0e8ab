"""A GlueContext on the test process's session."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pyspark.sql import SparkSession

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from glue_local.server import Server


@pytest.fixture
def glue_context(spark: SparkSession) -> Iterator[GlueContext]:
    context = GlueContext(spark)
    context.bookmarks = None
    yield context
    # All contexts of the session share the bookmarks, also in tests of other folders.
    context.bookmarks = None


@pytest.fixture
def frame(glue_context: GlueContext) -> Callable[..., DynamicFrame]:
    """Make a DynamicFrame of JSON documents: ``frame('{"a": 1}', …)``."""

    def frame(*documents: str, name: str = "frame") -> DynamicFrame:
        session = glue_context.spark_session
        return DynamicFrame.fromDF(session.read.json(session.sparkContext.parallelize(documents)), glue_context, name)

    return frame


@pytest.fixture
def rows() -> Callable[[Any], list[dict[str, Any]]]:
    """Return a frame's records as dictionaries, in a fixed order."""

    def rows(frame: Any) -> list[dict[str, Any]]:
        return sorted((row.asDict(recursive=True) for row in frame.toDF().collect()), key=str)

    return rows


@pytest.fixture
def jobs(spark: SparkSession) -> Callable[[], int]:
    """Return a function that counts the jobs that Spark has started so far, in any thread."""

    def jobs() -> int:
        return int(spark.sparkContext._jsc.sc().dagScheduler().numTotalJobs())

    return jobs


@pytest.fixture
def aws_environment(endpoint: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect boto3 in this process to ``endpoint``, as in the processes of a run."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)


class Bucket:
    """A bucket of the endpoint, read and written as users do."""

    def __init__(self, s3: Any, name: str) -> None:
        self.s3, self.name = s3, name

    def put(self, key: str, body: str | bytes, **more: Any) -> str:
        """Put an object and return its path."""
        self.s3.put_object(Bucket=self.name, Key=key, Body=body.encode() if isinstance(body, str) else body, **more)
        return f"s3://{self.name}/{key}"

    def keys(self, prefix: str = "") -> list[str]:
        """Return the keys of the objects under a prefix."""
        found = self.s3.list_objects_v2(Bucket=self.name, Prefix=prefix).get("Contents", [])
        return [item["Key"] for item in found if not item["Key"].endswith("/")]

    def get(self, key: str) -> bytes:
        """Return an object's bytes."""
        return bytes(self.s3.get_object(Bucket=self.name, Key=key)["Body"].read())

    def text(self, prefix: str) -> str:
        """Return the text of all objects under a prefix."""
        return "".join(self.get(key).decode() for key in self.keys(prefix))

    def path(self, key: str = "") -> str:
        """Return the path of a key."""
        return f"s3://{self.name}/{key}"


@pytest.fixture
def bucket(endpoint: Server, aws: Any, aws_environment: None, spark: SparkSession) -> Iterator[Bucket]:
    """A new bucket of the endpoint; during the test the session's ``s3://`` paths go to this endpoint."""
    configuration = spark.sparkContext._jsc.hadoopConfiguration()
    before = configuration.get("fs.s3a.endpoint")
    configuration.set("fs.s3a.endpoint", endpoint.endpoint)
    s3 = aws("s3")
    name = f"bucket-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    yield Bucket(s3, name)
    configuration.set("fs.s3a.endpoint", before)


@pytest.fixture
def glue(aws: Any, aws_environment: None) -> Iterator[Any]:
    """A Glue client, with a database ``db``."""
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "db"})
    yield glue
    glue.delete_database(Name="db")
