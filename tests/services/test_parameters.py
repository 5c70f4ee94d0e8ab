"""No operation silently ignores a parameter: each is used, listed as without effect, or refused."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local import runs
from glue_local.services import firehose, glue
from glue_local.wire.dispatch import service
from glue_local.wire.model import operation_model


@pytest.mark.parametrize(("name", "package"), [("glue", glue), ("firehose", firehose)])
def test_every_parameter_is_used_or_accounted_for(name: str, package: Any) -> None:
    # Runs are created in the package ``runs``, because triggers start them too.
    folders = [Path(package.__file__).parent, Path(runs.__file__).parent]
    paths = [path for folder in folders for path in folder.rglob("*.py") if path.name != "parameters.py"]
    source = "".join(path.read_text() for path in paths)
    served = service(name, package.NOUNS, package.FAULT_CODES, package.CHECK)
    unaccounted = {
        f"{operation}.{member}"
        for operation in served.operations
        for member in operation_model(name, operation).input_shape.members
        if f'"{member}"' not in source
        and member not in package.ACCEPTED.get(operation, {})
        and member not in package.NOT_EMULATED.get(operation, {})
    }
    # Pagination reads these by computed names; CatalogId is checked for every operation; CreateJob stores the rest.
    general = {"MaxResults", "NextToken", "CatalogId", "Limit"}
    kept = {"CreateJob.Description"}
    assert {one for one in unaccounted if one.split(".")[1] not in general} - kept == set()


@pytest.mark.parametrize(("name", "package"), [("glue", glue), ("firehose", firehose)])
def test_listed_parameters_exist_and_are_listed_once(name: str, package: ModuleType) -> None:
    for operation in {*package.ACCEPTED, *package.NOT_EMULATED}:
        members = operation_model(name, operation).input_shape.members
        accepted, refused = package.ACCEPTED.get(operation, {}), package.NOT_EMULATED.get(operation, {})
        assert set(accepted) | set(refused) <= set(members), operation
        assert not set(accepted) & set(refused), operation


def test_a_parameter_that_would_change_the_result_is_refused_by_name(aws: Any) -> None:
    with pytest.raises(ClientError, match="GetTables.AttributesToGet") as refusal:
        aws("glue").get_tables(DatabaseName="db", AttributesToGet=["NAME"])
    assert refusal.value.response["Error"]["Code"] == "NotEmulatedByGlueLocalException"


def test_only_another_accounts_catalog_is_refused(aws: Any) -> None:
    glue_client = aws("glue")
    assert glue_client.get_databases(CatalogId="000000000000")["DatabaseList"] == []
    with pytest.raises(ClientError, match="111122223333"):
        glue_client.get_databases(CatalogId="111122223333")
