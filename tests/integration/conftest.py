"""One Compose stack for the tests that only containers can be put to; each leaves it whole."""

from collections.abc import Iterator

import pytest

from tests.e2e.compose import ComposeStack
from tests.e2e.embedded import embedded
from tests.e2e.stack import provisioned
from tests.integration.workflow import Result, run


@pytest.fixture(scope="session")
def stack() -> Iterator[ComposeStack]:
    """A provisioned stack in containers; an engine or an image that is missing fails the tests, and says so."""
    with provisioned(ComposeStack()) as stack:
        yield stack


@pytest.fixture(scope="session")
def without_containers(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The workflow's result on an embedded stack."""
    with provisioned(embedded(tmp_path_factory.mktemp("embedded"))) as stack:
        found = run(stack)
    assert found["sites"], "there is something to compare"
    return found
