"""Canaries of the patches in ``moto_patches/iam.py``."""

from moto import mock_aws

from .unpatched import client, client_without_validation


def a_user_has_no_name() -> bool:
    with mock_aws():
        iam = client_without_validation("iam")
        iam.create_user()
        return True


def any_name_is_that_of_a_service() -> bool:
    with mock_aws():
        try:
            client("iam").create_service_linked_role(AWSServiceName="glue")
        except IndexError:
            return True
        return False


def a_role_that_is_not_in_the_profile_cannot_be_removed() -> bool:
    with mock_aws():
        iam = client("iam")
        iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        iam.create_instance_profile(InstanceProfileName="p")
        try:
            iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="r")
        except ValueError:
            return True
        return False


_MODELS = "moto.iam.models:IAMBackend"
CANARIES = {
    f"{_MODELS}.create_user": a_user_has_no_name,
    f"{_MODELS}.create_service_linked_role": any_name_is_that_of_a_service,
    f"{_MODELS}.remove_role_from_instance_profile": a_role_that_is_not_in_the_profile_cannot_be_removed,
}
