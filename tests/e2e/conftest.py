"""A whole stack per test module."""

from collections.abc import Iterator

import pytest

from tests.e2e.choice import chosen
from tests.e2e.stack import Stack, provisioned


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A provisioned stack; when it goes, nothing of it may be left."""
    with provisioned(chosen(tmp_path_factory.mktemp("stack"))) as stack:
        yield stack
