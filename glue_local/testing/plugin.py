"""The pytest plugin: fixtures that cost nothing until a test asks for one."""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from awsglue.context import GlueContext
    from glue_local.server import Server
    from glue_local.testing.account import Account
    from glue_local.testing.jobs import RunJob

JOBS = "glue_local_jobs"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Define the plugin's settings."""
    parser.addini(
        JOBS, "The folder of the Glue scripts with their definitions, below pytest's rootdir.", default="jobs"
    )


def _module(name: str) -> Any:
    # Not imported above: the server and Spark cost seconds that a run without Glue tests need not pay.
    return import_module(f"glue_local.testing.{name}")


@pytest.fixture(scope="session")
def _glue_local_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """The one server of a test process."""
    with _module("endpoint").started(tmp_path_factory.mktemp("glue-local")) as server:
        yield server


@pytest.fixture(scope="session")
def spark(_glue_local_server: "Server", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SparkSession]":
    """The one Spark session of a test process, set up like a Glue job's; ``s3://`` paths are at the local endpoint."""
    with _module("session").started(_glue_local_server, tmp_path_factory.mktemp("spark")) as session:
        yield session


@pytest.fixture(scope="session")
def _glue_local_worker(_glue_local_server: "Server") -> Iterator[Any]:
    """The real worker, started when the first test wants a run of its own process."""
    with _module("on_worker").Worker(_glue_local_server) as worker:
        yield worker


@pytest.fixture
def glue_local(_glue_local_server: "Server", monkeypatch: pytest.MonkeyPatch) -> "Iterator[Account]":
    """An account of the local endpoint that nobody has used; boto3 finds it without being told."""
    with _module("endpoint").fresh_account(_glue_local_server, monkeypatch) as account:
        yield account


@pytest.fixture
def glue_context(spark: "SparkSession", glue_local: "Account") -> "GlueContext":
    """A GlueContext on the session, in the test's account; bookmarks are off."""
    context: GlueContext = _module("session").glue_context(spark)
    return context


@pytest.fixture
def run_job(
    request: pytest.FixtureRequest, glue_local: "Account", _glue_local_server: "Server", _glue_local_worker: Any
) -> "RunJob":
    """Run a job of the repository in the test's account: ``run_job("orders", {"day": "2024-05-01"})``."""
    # Started for a Spark job only: a Python shell job needs none.
    quick = _module("quick").Quick(_glue_local_server, lambda: request.getfixturevalue("spark"))
    home = request.config.rootpath / str(request.config.getini(JOBS))
    runner: RunJob = _module("jobs").RunJob(glue_local, home, quick, _glue_local_worker)
    return runner
