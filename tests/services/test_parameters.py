"""No operation ignores a parameter unknowingly: each is used, known to be harmless, or refused."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.services import firehose, glue
from glue_local.wire.dispatch import service
from glue_local.wire.model import operation_model


@pytest.mark.parametrize(("name", "package"), [("glue", glue), ("firehose", firehose)])
def test_every_parameter_is_used_or_accounted_for(name: str, package: Any) -> None:
    folder = Path(package.__file__).parent
    source = "".join(path.read_text() for path in folder.rglob("*.py") if path.name != "parameters.py")
    served = service(name, package.NOUNS, package.FAULT_CODES, package.CHECK)
    unaccounted = {
        f"{operation}.{member}"
        for operation in served.operations
        for member in operation_model(name, operation).input_shape.members
        if f'"{member}"' not in source
        and member not in package.ACCEPTED.get(operation, {})
        and member not in package.NOT_EMULATED.get(operation, {})
    }
    # Paging reads these by their names' values; CatalogId is checked for every operation; the rest of CreateJob is kept.
    general = {"MaxResults", "NextToken", "CatalogId", "Limit"}
    kept = {"CreateJob.Description"}
    assert {one for one in unaccounted if one.split(".")[1] not in general} - kept == set()


@pytest.mark.parametrize(("name", "package"), [("glue", glue), ("firehose", firehose)])
def test_what_is_listed_exists_and_is_listed_once(name: str, package: ModuleType) -> None:
    for operation in {*package.ACCEPTED, *package.NOT_EMULATED}:
        members = operation_model(name, operation).input_shape.members
        accepted, refused = package.ACCEPTED.get(operation, {}), package.NOT_EMULATED.get(operation, {})
        assert set(accepted) | set(refused) <= set(members), operation
        assert not set(accepted) & set(refused), operation


def test_a_parameter_that_would_change_the_result_is_refused_by_name(aws: Any) -> None:
    with pytest.raises(ClientError, match="GetTables.AttributesToGet") as refusal:
        aws("glue").get_tables(DatabaseName="db", AttributesToGet=["NAME"])
    assert refusal.value.response["Error"]["Code"] == "NotEmulatedByGlueLocalException"


def test_another_accounts_catalog_is_refused_and_ones_own_is_not(aws: Any) -> None:
    glue_client = aws("glue")
    assert glue_client.get_databases(CatalogId="000000000000")["DatabaseList"] == []
    with pytest.raises(ClientError, match="111122223333"):
        glue_client.get_databases(CatalogId="111122223333")
