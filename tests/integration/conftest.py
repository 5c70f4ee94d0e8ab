"""One Compose stack for the tests that only containers can be put to; each leaves it whole."""

from collections.abc import Iterator

import pytest

from tests.e2e.compose import ComposeStack
from tests.e2e.embedded import embedded
from tests.integration.workflow import Result, run


@pytest.fixture(scope="session")
def stack() -> Iterator[ComposeStack]:
    """A provisioned stack in containers; an engine or an image that is missing fails the tests, and says so."""
    stack = ComposeStack()
    try:
        stack.up()
        stack.provision()
        yield stack
    finally:
        stack.down()


@pytest.fixture(scope="session")
def without_containers(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The workflow's result on an embedded stack."""
    stack = embedded(tmp_path_factory.mktemp("embedded"))
    stack.up()
    try:
        stack.provision()
        found = run(stack)
    finally:
        stack.down()
    assert found["sites"], "there is something to compare"
    return found
