"""Commands against a server in this process."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app

if TYPE_CHECKING:
    from glue_local.server import Server

Cli = Callable[..., Result]


@pytest.fixture
def cli(endpoint: "Server") -> Cli:
    def invoke(*arguments: Any) -> Result:
        return CliRunner().invoke(app, [*map(str, arguments), "--endpoint-url", endpoint.endpoint])

    return invoke
