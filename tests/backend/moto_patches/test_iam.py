"""Users and service-linked roles, through boto3."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from glue_local.server import Server


def test_a_user_without_a_name_is_refused(endpoint: Server) -> None:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    config = Config(parameter_validation=False)
    iam = boto3.client("iam", "us-east-1", endpoint_url=endpoint.endpoint, config=config, **keys)
    with pytest.raises(ClientError, match="ValidationError"):
        iam.create_user()
    iam.create_user(UserName="named")
    iam.generate_credential_report()
    assert b"named" in iam.get_credential_report()["Content"]


def test_a_service_linked_role_is_of_a_service(aws: Callable[..., Any]) -> None:
    iam = aws("iam")
    with pytest.raises(ClientError, match="InvalidInput"):
        iam.create_service_linked_role(AWSServiceName="glue")
    role = iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]
    assert role["RoleName"].startswith("AWSServiceRoleFor")


def test_a_role_is_removed_from_its_instance_profile_only(aws: Callable[..., Any]) -> None:
    iam = aws("iam")
    iam.create_role(RoleName="of-profile", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="p")
    both = {"InstanceProfileName": "p", "RoleName": "of-profile"}
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.remove_role_from_instance_profile(**both)
    iam.add_role_to_instance_profile(**both)
    iam.remove_role_from_instance_profile(**both)
    assert iam.get_instance_profile(InstanceProfileName="p")["InstanceProfile"]["Roles"] == []
