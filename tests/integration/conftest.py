"""One Compose stack for the tests that only containers can be put to; each leaves it whole."""

from collections.abc import Iterator

import pytest

from tests.e2e.compose import ComposeStack


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
