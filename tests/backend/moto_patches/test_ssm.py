"""Parameters, through boto3: requests for missing ones have no effect on others."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_a_request_for_a_missing_parameter_does_not_create_it(aws: Callable[..., Any]) -> None:
    ssm = aws("ssm")
    ssm.put_parameter(Name="there", Value="1", Type="String")
    for operation in (ssm.label_parameter_version, ssm.unlabel_parameter_version):
        with pytest.raises(ClientError, match="ParameterNotFound"):
            operation(Name="missing", Labels=["x"], ParameterVersion=1)
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="missing")
    with pytest.raises(ClientError, match="InvalidResourceId"):
        ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId="missing", Tags=[{"Key": "a", "Value": "b"}])
    assert [found["Name"] for found in ssm.describe_parameters()["Parameters"]] == ["there"]
    ssm.put_parameter(Name="missing", Value="2", Type="String")
    ssm.put_parameter(Name="missing", Value="3", Overwrite=True)
    assert ssm.get_parameter(Name="missing")["Parameter"]["Value"] == "3"
    assert [each["Version"] for each in ssm.get_parameter_history(Name="missing")["Parameters"]] == [1, 2]


def test_aws_public_parameters_are_found(aws: Callable[..., Any]) -> None:
    path = "/aws/service/global-infrastructure/regions/eu-west-1/longName"
    assert aws("ssm").get_parameter(Name=path)["Parameter"]["Value"] == "Europe (Ireland)"


def test_a_document_that_is_not_an_object_is_refused(aws: Callable[..., Any]) -> None:
    with pytest.raises(ClientError, match="InvalidDocumentContent"):
        aws("ssm").create_document(Name="doc", Content="text", DocumentFormat="YAML")


def test_a_patch_group_has_the_baseline_of_windows_by_default(aws: Callable[..., Any]) -> None:
    found = aws("ssm").get_patch_baseline_for_patch_group(PatchGroup="g")
    assert found["OperatingSystem"] == "WINDOWS"
    assert found["BaselineId"]


def test_a_name_with_a_colon_is_refused(aws: Callable[..., Any]) -> None:
    ssm = aws("ssm")
    with pytest.raises(ClientError, match="ValidationException"):
        ssm.put_parameter(Name="a:b", Value="1", Type="String")
    ssm.put_parameter(Name="/a/b_c.d-e", Value="1", Type="String")
    assert ssm.get_parameter(Name="/a/b_c.d-e")["Parameter"]["Value"] == "1"
