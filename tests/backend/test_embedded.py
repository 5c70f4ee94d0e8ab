"""Requests that the embedded moto answers or refuses."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]


def test_a_service_whose_packages_are_missing_names_the_extra(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith(("moto.apigateway", "openapi_spec_validator"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "openapi_spec_validator", None)
    with pytest.raises(ClientError) as refused:
        aws("apigateway").get_rest_apis()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "apigateway needs the Python package openapi_spec_validator" in str(refused.value)
    assert "pip install 'glue-local[aws]'" in str(refused.value)
    assert aws("s3").list_buckets()["Buckets"] == []


def test_a_package_missing_inside_an_operation_names_the_extra(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cfnlint", None)
    with pytest.raises(ClientError) as refused:
        aws("cloudformation").validate_template(TemplateBody='{"Resources": {"a": {"Type": "AWS::SNS::Topic"}}}')
    assert "cloudformation needs the Python package cfnlint" in str(refused.value)
