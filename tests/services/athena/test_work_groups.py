"""Work groups through boto3: https://docs.aws.amazon.com/athena/latest/ug/workgroups-manage-queries-control-costs.html"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]


def test_primary_exists_and_is_not_enforced(aws: Aws) -> None:
    group = aws("athena").get_work_group(WorkGroup="primary")["WorkGroup"]
    assert group["State"] == "ENABLED"
    assert group["Configuration"]["EnforceWorkGroupConfiguration"] is False
    assert group["Configuration"]["EngineVersion"] == {
        "SelectedEngineVersion": "AUTO",
        "EffectiveEngineVersion": "Athena engine version 3",
    }
    assert "primary" in [each["Name"] for each in aws("athena").list_work_groups()["WorkGroups"]]


def test_primary_can_be_updated_but_not_deleted(aws: Aws) -> None:
    athena = aws("athena", "111111111111")
    updates = {
        "ResultConfigurationUpdates": {"OutputLocation": "s3://results/"},
        "BytesScannedCutoffPerQuery": 10000000,
    }
    athena.update_work_group(WorkGroup="primary", ConfigurationUpdates=updates)
    configuration = athena.get_work_group(WorkGroup="primary")["WorkGroup"]["Configuration"]
    assert configuration["ResultConfiguration"] == {"OutputLocation": "s3://results/"}
    assert configuration["BytesScannedCutoffPerQuery"] == 10000000
    with pytest.raises(ClientError, match="cannot be deleted"):
        athena.delete_work_group(WorkGroup="primary")


def test_a_group_is_created_enforced_updated_and_deleted(aws: Aws) -> None:
    athena = aws("athena")
    athena.create_work_group(Name="etl", Description="nightly", Configuration={"BytesScannedCutoffPerQuery": 20000000})
    assert athena.get_work_group(WorkGroup="etl")["WorkGroup"]["Configuration"]["EnforceWorkGroupConfiguration"] is True
    with pytest.raises(ClientError, match="already created"):
        athena.create_work_group(Name="etl")
    athena.update_work_group(
        WorkGroup="etl",
        State="DISABLED",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "ResultConfigurationUpdates": {"OutputLocation": "s3://a/"},
        },
    )
    athena.update_work_group(
        WorkGroup="etl", ConfigurationUpdates={"ResultConfigurationUpdates": {"RemoveOutputLocation": True}}
    )
    group = athena.get_work_group(WorkGroup="etl")["WorkGroup"]
    assert group["State"] == "DISABLED"
    assert group["Description"] == "nightly"
    assert "BytesScannedCutoffPerQuery" not in group["Configuration"]
    assert group["Configuration"]["ResultConfiguration"] == {}
    athena.delete_work_group(WorkGroup="etl")
    with pytest.raises(ClientError, match="WorkGroup etl is not found"):
        athena.get_work_group(WorkGroup="etl")


def test_a_group_with_queries_is_deleted_only_recursively(aws: Aws) -> None:
    athena = aws("athena")
    athena.create_work_group(Name="kept")
    athena.create_named_query(Name="n", Database="d", QueryString="select 1", WorkGroup="kept")
    with pytest.raises(ClientError, match="not empty"):
        athena.delete_work_group(WorkGroup="kept")
    athena.delete_work_group(WorkGroup="kept", RecursiveDeleteOption=True)


@pytest.mark.parametrize(
    ("configuration", "named"),
    [
        ({"EngineVersion": {"SelectedEngineVersion": "PySpark engine version 3"}}, "PySpark engine version 3"),
        ({"ManagedQueryResultsConfiguration": {"Enabled": True}}, "managed query results"),
        ({"IdentityCenterConfiguration": {"EnableIdentityCenter": True}}, "IdentityCenterConfiguration"),
    ],
)
def test_unsupported_members_are_refused_by_name(aws: Aws, configuration: dict[str, Any], named: str) -> None:
    with pytest.raises(ClientError, match=named) as refusal:
        aws("athena").create_work_group(Name="other", Configuration=configuration)
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_an_engine_version_that_aws_does_not_have_is_invalid(aws: Aws) -> None:
    with pytest.raises(ClientError) as refusal:
        aws("athena").create_work_group(
            Name="other", Configuration={"EngineVersion": {"SelectedEngineVersion": "Athena engine version 9"}}
        )
    assert refusal.value.response["Error"]["Code"] == "InvalidRequestException"


def test_engine_versions_are_listed(aws: Aws) -> None:
    versions = aws("athena").list_engine_versions()["EngineVersions"]
    assert [each["SelectedEngineVersion"] for each in versions] == ["AUTO", "Athena engine version 3"]


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("start_session", {"WorkGroup": "primary", "EngineConfiguration": {"MaxConcurrentDpus": 2}}),
        ("create_notebook", {"WorkGroup": "primary", "Name": "n"}),
        ("list_capacity_reservations", {}),
        ("start_calculation_execution", {"SessionId": "s"}),
    ],
)
def test_spark_notebooks_and_capacity_are_refused_by_name(aws: Aws, operation: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="does not emulate athena:") as refusal:
        getattr(aws("athena"), operation)(**arguments)
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
