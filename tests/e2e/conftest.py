"""A whole stack for each test module; in containers one for all, which takes long to start."""

from collections.abc import Iterator

import pytest

from tests.e2e.choice import kind
from tests.e2e.embedded import embedded
from tests.e2e.stack import Stack, provisioned


@pytest.fixture(scope="module")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A provisioned stack without events, of which nothing may remain after the tests."""
    if kind() == "compose":
        stack = request.getfixturevalue("compose_stack")
        stack.empty()
        yield stack
    else:
        with provisioned(embedded(tmp_path_factory.mktemp("stack"))) as stack:
            yield stack
