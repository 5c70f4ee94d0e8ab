"""The server of a test process, and a new account for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from glue_local.backend.embedded import forget_account
from glue_local.client.clients import new_session
from glue_local.prerequisites import Unmet, connector, java
from glue_local.server import Server
from glue_local.settings import Settings, from_environment, machine
from glue_local.testing.account import Account
from glue_local.worker.settings import Settings as WorkerSettings

# Variables in a developer's shell that would redirect an SDK.
_REDIRECTING = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "LOCALSTACK_HOST", "AWS_ENDPOINT_URL_S3")

_A_YEAR = 365 * 86_400.0  # seconds


@contextmanager
def started(folder: Path) -> Iterator[Server]:
    """Run a server in this process, without worker and delivery processes."""
    here = machine()
    try:
        children = {
            "JAVA_HOME": str(java.find(here.java_home).home),
            "GLUE_LOCAL_JARS": connector.class_path(here.cache),
            "GLUE_LOCAL_TABLE_FORMATS": connector.table_formats(here.cache),
            "GLUE_LOCAL_WARM_DRIVERS": "1",
        }
    except Unmet as unmet:
        pytest.fail(f"glue-local: {unmet}", pytrace=False)
    settings = Settings(
        port=0,
        data_dir=folder,
        children=(),
        child_environment=children,
        # A run in this process sends no heartbeats, and may be in a debugger for hours.
        heartbeat_timeout=_A_YEAR,
        trino=from_environment().trino,
    )
    with Server(settings) as server:
        yield server


def worker_settings(server: Server) -> WorkerSettings:
    """Return the settings of a worker of this server."""
    return WorkerSettings.read(server.child_environment(1))


@contextmanager
def fresh_account(server: Server, patch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Provide an unused account and set the environment variables that make boto3 use it."""
    account = f"{int(server.private.ids.uuid().replace('-', ''), 16) % 10**11 + 10**11:012}"
    for name in _REDIRECTING:
        patch.delenv(name, raising=False)
    for name, value in worker_settings(server).run_environment(account).items():
        patch.setenv(name, value)
    for name in ("no_proxy", "NO_PROXY"):
        patch.setenv(name, "localhost,127.0.0.1", prepend=",")
    # The default session caches the credentials it found first.
    patch.setattr("boto3.DEFAULT_SESSION", new_session())
    try:
        yield Account(server.endpoint, account, server.settings.region)
    finally:
        # The next test's server would fire its triggers and schedules, and run its crawlers. Bucket names are globally unique.
        server.store.forget(account)
        forget_account(account)
