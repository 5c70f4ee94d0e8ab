"""The server of a test process, and an account of it for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from glue_local.backend.embedded import forget_account
from glue_local.clients import new_session
from glue_local.prerequisites import Unmet, connector, java
from glue_local.server import Server
from glue_local.settings import Settings, machine
from glue_local.testing.account import Account
from glue_local.worker.surroundings import Surroundings

# What a person's shell may hold that would send an SDK elsewhere.
_ELSEWHERE = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "LOCALSTACK_HOST", "AWS_ENDPOINT_URL_S3")

_A_YEAR = 365 * 86_400.0  # seconds


@contextmanager
def started(folder: Path) -> Iterator[Server]:
    """Run a server in this process, without worker and delivery, until the end of the block."""
    here = machine()
    try:
        children = {
            "JAVA_HOME": str(java.find(here.java_home).home),
            "GLUE_LOCAL_JARS": str(connector.check(here.cache)),
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
        # A run in this process gives no sign of life, and a person may look at it in a debugger for hours.
        heartbeat_timeout=_A_YEAR,
    )
    with Server(settings) as server:
        yield server


def surroundings(server: Server) -> Surroundings:
    """Return what a worker of this server is told."""
    return Surroundings.read(server.child_environment(1))


@contextmanager
def fresh_account(server: Server, patch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Give out an account that nobody has used, and make it the one that boto3 finds in the environment."""
    account = f"{int(server.private.ids.uuid().replace('-', ''), 16) % 10**11 + 10**11:012}"
    for name in _ELSEWHERE:
        patch.delenv(name, raising=False)
    for name, value in surroundings(server).run_environment(account).items():
        patch.setenv(name, value)
    for name in ("no_proxy", "NO_PROXY"):
        patch.setenv(name, "localhost,127.0.0.1", prepend=",")
    # It remembers the credentials that it found first.
    patch.setattr("boto3.DEFAULT_SESSION", new_session())
    try:
        yield Account(server.endpoint, account, server.settings.region)
    finally:
        # Names of buckets are everybody's: the next test wants them too.
        forget_account(account)
