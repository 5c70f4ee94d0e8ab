"""The pytest plugin. Its fixtures import nothing and start nothing until a test requests one."""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from awsglue.context import GlueContext
    from glue_local.server import Server
    from glue_local.testing.account import Account
    from glue_local.testing.athena import Athena
    from glue_local.testing.jobs import RunJob

JOBS = "glue_local_jobs"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the plugin's ini option."""
    parser.addini(
        JOBS, "Folder of the Glue scripts and their definitions, relative to pytest's rootdir.", default="jobs"
    )


def _module(name: str) -> Any:
    # Imported on demand: importing the server and Spark takes seconds, which other tests should not wait for.
    return import_module(f"glue_local.testing.{name}")


@pytest.fixture(scope="session")
def _glue_local_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """The server of the test process."""
    with _module("endpoint").started(tmp_path_factory.mktemp("glue-local")) as server:
        yield server


@pytest.fixture(scope="session")
def spark(_glue_local_server: "Server", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[SparkSession]":
    """The Spark session of the test process, configured like a Glue job's; ``s3://`` is the local endpoint."""
    with _module("session").started(_glue_local_server, tmp_path_factory.mktemp("spark")) as session:
        yield session


@pytest.fixture(scope="session")
def _glue_local_worker(_glue_local_server: "Server") -> Iterator[Any]:
    """A real worker, started by the first run that needs its own process."""
    with _module("on_worker").Worker(_glue_local_server) as worker:
        yield worker


@pytest.fixture(scope="session")
def _glue_local_engine(_glue_local_server: "Server") -> Iterator[Any]:
    """The process that runs Athena's queries, started by the first one."""
    with _module("athena").Engine(_glue_local_server) as engine:
        yield engine


@pytest.fixture
def glue_local(_glue_local_server: "Server", monkeypatch: pytest.MonkeyPatch) -> "Iterator[Account]":
    """An unused account at the local endpoint; boto3 uses it by default."""
    with _module("endpoint").fresh_account(_glue_local_server, monkeypatch) as account:
        yield account


@pytest.fixture
def glue_context(spark: "SparkSession", glue_local: "Account") -> "GlueContext":
    """A GlueContext on the Spark session in the test's account, without bookmarks."""
    context: GlueContext = _module("session").glue_context(spark)
    return context


@pytest.fixture
def run_job(
    request: pytest.FixtureRequest, glue_local: "Account", _glue_local_server: "Server", _glue_local_worker: Any
) -> "RunJob":
    """Run a job of the repository in the test's account: ``run_job("orders", {"day": "2024-05-01"})``."""
    # Start Spark for Spark jobs only.
    runs = _module("in_process_runs").InProcessRuns(_glue_local_server, lambda: request.getfixturevalue("spark"))
    home = request.config.rootpath / str(request.config.getini(JOBS))
    runner: RunJob = _module("jobs").RunJob(glue_local, home, runs, _glue_local_worker)
    return runner


@pytest.fixture
def athena(request: pytest.FixtureRequest, glue_local: "Account", _glue_local_engine: Any) -> "Athena":
    """Run queries in the test's account: ``athena.query("select 1 as one")`` gives ``[{"one": 1}]``."""
    made: Athena = _module("athena").Athena(glue_local, _glue_local_engine, lambda: request.getfixturevalue("spark"))
    return made
