"""The example pipeline in a separate account, promoted as far as a verification needs it."""

from pathlib import Path

import pytest

from glue_local.promote.definition.desired import Resource, desired, project
from glue_local.promote.kinds import KINDS, Account
from glue_local.verify.definition import Verification, verification
from tests.promote.conftest import ACCOUNT, REGION, account_url, profile, there

__all__ = ["account_url", "profile", "there"]

FILE = Path(__file__).parent.parent.parent / "glue-local.yaml"


@pytest.fixture
def resources() -> list[Resource]:
    """The example's resources in the account."""
    return desired(FILE, REGION, ACCOUNT)


@pytest.fixture
def asked(resources: list[Resource]) -> Verification:
    """The example's verify: section."""
    return verification(project(FILE), resources)


@pytest.fixture
def promoted(there: Account, resources: list[Resource]) -> Account:
    """The account with all resources except jobs."""
    for each in resources:
        if each.kind not in ("jobs", "scripts", "role_policies"):
            KINDS[each.kind].create(there, each.request)
    return there
