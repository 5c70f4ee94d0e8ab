"""Fixtures that many test modules share: a server and AWS clients. ``spark`` comes from the plugin, glue_local.testing."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from tests.server_process import ServerProcess, server_in_process

if TYPE_CHECKING:
    from glue_local.server import Server
    from tests.e2e.compose import ComposeStack

# Warming up the second driver of a worker takes ten seconds of a core, and tests do not need it.
os.environ.setdefault("GLUE_LOCAL_WARM_DRIVERS", "1")

# The folders with the slowest files run first, so that no slow file starts when the other process has nothing left.
_LONGEST = [Path(__file__).parent / name for name in ("e2e", "worker", "testing", "jobs", "awsglue")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the slowest folders first and keep the order of the rest."""
    items.sort(
        key=lambda item: next((at for at, folder in enumerate(_LONGEST) if folder in item.path.parents), len(_LONGEST))
    )


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """A server in this process on a free port, without worker and delivery processes."""
    # Imported here: importing the server takes half a second, which tests without one should not pay.

    from glue_local.server import Server
    from glue_local.settings import Settings

    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("glue-local"), children=())
    with Server(settings) as server:
        yield server


@pytest.fixture(scope="session")
def installed_engine() -> None:
    """Install Athena's engine. If it cannot be downloaded, its tests are skipped; in CI they fail."""
    from glue_local.prerequisites import Unmet
    from glue_local.query.engine import installation
    from glue_local.settings import machine

    try:
        installation.install(machine().cache, print)
    except Unmet as unmet:
        if os.environ.get("CI") == "true":
            pytest.fail(str(unmet))
        pytest.skip(str(unmet))


@pytest.fixture(scope="session")
def athena_endpoint(installed_engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a query worker and the real engine, one for all tests; each test its own names."""
    with server_in_process(tmp_path_factory.mktemp("athena"), "query") as server:
        yield server


@pytest.fixture(scope="session")
def compose_stack() -> "Iterator[ComposeStack]":
    """A provisioned stack in containers, with Athena's engine; each test leaves it working.

    A missing Docker or image fails the tests by name.
    """
    from tests.e2e.compose import SERVICES, ComposeStack
    from tests.e2e.stack import provisioned

    with provisioned(ComposeStack(services=(*SERVICES, "trino"))) as stack:
        yield stack


@pytest.fixture
def aws(endpoint: "Server") -> Callable[..., Any]:
    """Create a boto3 client for ``endpoint``: ``aws("glue")``, or ``aws("glue", "111122223333")`` for another account."""
    return _clients_of(endpoint.endpoint)


@pytest.fixture(scope="session")
def athena_aws(athena_endpoint: ServerProcess) -> Callable[..., Any]:
    """Create a boto3 client for ``athena_endpoint``, as ``aws`` does for ``endpoint``."""
    return _clients_of(athena_endpoint.endpoint)


def _clients_of(endpoint: str) -> Callable[..., Any]:
    def client(service: str, account: str = "000000000000", region: str = "us-east-1") -> Any:
        return boto3.client(
            service,
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    return client


@pytest.fixture(scope="session")
def miv_samples() -> Path:
    """The folder with the real minute; without it, tests that need it are skipped, or fail in CI."""
    folder = os.environ.get("MIV_SAMPLES")
    if folder:
        return Path(folder)
    reason = "MIV_SAMPLES does not name the folder with the real minute"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
