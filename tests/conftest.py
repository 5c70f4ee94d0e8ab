"""Fixtures that many test modules share: a server, AWS clients of it. ``spark`` is the plugin's, glue_local.testing."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

if TYPE_CHECKING:
    from glue_local.server import Server

# Whose files take longest. They go first: a file that begins last keeps one process busy while the other has none left.
_LONGEST = [Path(__file__).parent / name for name in ("e2e", "worker", "testing", "jobs", "awsglue")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders that take longest first, whatever else keeps its order."""
    items.sort(
        key=lambda item: next((at for at, folder in enumerate(_LONGEST) if folder in item.path.parents), len(_LONGEST))
    )


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Server]":
    """A server in this process on a free port, without worker and delivery processes."""
    # Here, not above: importing the server costs half a second that tests without one need not pay.

    from glue_local.server import Server
    from glue_local.settings import Settings

    settings = Settings(port=0, data_dir=tmp_path_factory.mktemp("glue-local"), children=())
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
