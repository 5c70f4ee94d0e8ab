"""The Compose stack of the end-to-end tests, and the result that it must produce."""

import pytest

from tests.e2e.compose import ComposeStack
from tests.e2e.embedded import embedded
from tests.e2e.stack import provisioned
from tests.integration.workflow import Result, run


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Run tests with other containers first: the shared stack takes half a core even when it is idle."""
    items.sort(key=lambda item: "stack" in item.fixturenames and not hasattr(item.module, "stack"))


@pytest.fixture(scope="session")
def stack(compose_stack: ComposeStack) -> ComposeStack:
    """A provisioned stack in containers. Tests that expect no events empty it first."""
    return compose_stack


@pytest.fixture(scope="session")
def without_containers(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The workflow's result on an embedded stack."""
    with provisioned(embedded(tmp_path_factory.mktemp("embedded"))) as stack:
        found = run(stack)
    assert found["sites"], "there is something to compare"
    return found
