"""Canaries of the patches in ``moto_patches/cloudformation.py``."""

import inspect
import json
from typing import Any

from moto import mock_aws

from .unpatched import attribute, client

_MOTO = "moto.cloudformation"
_BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "made"}}
# moto calls a function that does not exist.
_FAILING = {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": "none"}}


def a_resource_of_an_unsupported_type_is_complete() -> bool:
    template = {"Resources": {"Unknown": {"Type": "AWS::Glue::DevEndpoint", "Properties": {}}}}
    with mock_aws():
        cloudformation = client("cloudformation")
        cloudformation.create_stack(StackName="s", TemplateBody=json.dumps(template))
        return bool(cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE")


def stacks_cannot_create_jobs() -> bool:
    return "AWS::Glue::Job" not in attribute(f"{_MOTO}.parsing", "get_model_map")()


def references_do_not_determine_the_order() -> bool:
    referring = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "Other"}}}
    resource_map = attribute(f"{_MOTO}.parsing", "ResourceMap")
    resources = resource_map.__new__(resource_map)
    resources._resource_json_map = {"First": referring, "Other": _BUCKET}
    return bool(resources._ResourceMap__get_resources_in_dependency_order() == ["First", "Other"])


def a_failed_create_keeps_earlier_resources() -> bool:
    template = json.dumps({"Resources": {"Bucket": _BUCKET, "Failing": _FAILING}})
    with mock_aws():
        try:
            client("cloudformation").create_stack(StackName="s", TemplateBody=template)
        except Exception:  # noqa: BLE001 - moto raises an internal error
            return bool(client("s3").list_buckets()["Buckets"])
        return False


def a_failed_update_is_not_rolled_back() -> bool:
    with mock_aws():
        cloudformation = client("cloudformation")
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}
        cloudformation.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"Topic": topic}}))
        changed = json.dumps({"Resources": {"Bucket": _BUCKET, "Failing": _FAILING}})
        try:
            cloudformation.update_stack(StackName="s", TemplateBody=changed)
        except Exception:  # noqa: BLE001 - moto raises an internal error
            return client("sns").list_topics()["Topics"] == []
        return False


def templates_are_compared_after_parsing() -> bool:
    return "_parse_template" in inspect.getsource(attribute(f"{_MOTO}.models", "Stack.has_template"))


def _create_change_set(name: str, cloudformation: Any) -> str:
    body = {"Resources": {"Bucket": _BUCKET}, "Outputs": {"Name": {"Value": {"Ref": "Bucket"}}}}
    request = {"StackName": "s", "ChangeSetName": name, "ChangeSetType": "CREATE", "TemplateBody": json.dumps(body)}
    return str(cloudformation.create_change_set(**request)["Id"])


def each_change_set_creates_a_stack() -> bool:
    with mock_aws():
        cloudformation = client("cloudformation")
        for name in ("one", "two"):
            _create_change_set(name, cloudformation)
        return len(cloudformation.describe_stacks()["Stacks"]) == 2


def a_missing_change_set_has_another_error_code() -> bool:
    with mock_aws():
        cloudformation = client("cloudformation")
        try:
            cloudformation.describe_change_set(ChangeSetName="none", StackName="s")
        except cloudformation.exceptions.ClientError as error:
            return bool(error.response["Error"]["Code"] != "ChangeSetNotFound")
        return False


def a_stack_of_a_change_set_has_no_outputs() -> bool:
    with mock_aws():
        cloudformation = client("cloudformation")
        cloudformation.execute_change_set(ChangeSetName=_create_change_set("one", cloudformation))
        return not cloudformation.describe_stacks()["Stacks"][0].get("Outputs")


def a_template_url_with_an_ip_address_is_not_found() -> bool:
    with mock_aws():
        s3 = client("s3")
        s3.create_bucket(Bucket="made")
        s3.put_object(Bucket="made", Key="k", Body=b"{}")
        get = attribute(f"{_MOTO}.utils", "get_stack_from_s3_url")
        try:
            get("https://s3.us-east-1.127.0.0.1/made/k", "123456789012", "aws")
        except s3.exceptions.ClientError:
            return True
        except Exception as error:  # noqa: BLE001 - moto's own error
            return "NoSuchBucket" in f"{type(error)} {error}" or "does not exist" in str(error)
        return False


def a_missing_change_set_cannot_be_deleted() -> bool:
    with mock_aws():
        try:
            client("cloudformation").delete_change_set(StackName="s", ChangeSetName="missing")
        except UnboundLocalError:
            return True
        return False


def a_template_that_is_not_an_object_fails() -> bool:
    with mock_aws():
        try:
            client("cloudformation").create_stack(StackName="s", TemplateBody="text")
        except AttributeError:
            return True
        return False


def what_is_not_a_template_cannot_be_summarized() -> bool:
    with mock_aws():
        try:
            client("cloudformation").get_template_summary(TemplateBody="text")
        except AttributeError:
            return True
        return False


def a_new_stack_has_previous_values() -> bool:
    parameters = [{"ParameterKey": "A", "UsePreviousValue": True}]
    with mock_aws():
        try:
            client("cloudformation").create_change_set(
                StackName="s",
                ChangeSetName="c",
                TemplateBody=json.dumps({"Resources": {"B": _BUCKET}}),
                Parameters=parameters,
            )
        except NameError:
            return True
        return False


CANARIES = {
    f"{_MOTO}.responses:CloudFormationResponse.create_change_set": a_new_stack_has_previous_values,
    f"{_MOTO}.responses:get_template_summary_response_from_template": what_is_not_a_template_cannot_be_summarized,
    f"{_MOTO}.models:Stack.parse_template": a_template_that_is_not_an_object_fails,
    f"{_MOTO}.parsing:get_model_map": stacks_cannot_create_jobs,
    f"{_MOTO}.parsing:ResourceMap.update": a_failed_update_is_not_rolled_back,
    f"{_MOTO}.parsing:ResourceMap._ResourceMap__get_resources_in_dependency_order": references_do_not_determine_the_order,
    f"{_MOTO}.models:Stack._parse_template": a_resource_of_an_unsupported_type_is_complete,
    f"{_MOTO}.models:ChangeSet._parse_template": a_resource_of_an_unsupported_type_is_complete,
    f"{_MOTO}.utils:get_stack_from_s3_url": a_template_url_with_an_ip_address_is_not_found,
    f"{_MOTO}.models:Stack.has_template": templates_are_compared_after_parsing,
    f"{_MOTO}.models:Stack.create_resources": a_failed_create_keeps_earlier_resources,
    f"{_MOTO}.models:Stack.update": a_failed_update_is_not_rolled_back,
    f"{_MOTO}.models:CloudFormationBackend.delete_change_set": a_missing_change_set_cannot_be_deleted,
    f"{_MOTO}.models:CloudFormationBackend.create_change_set": each_change_set_creates_a_stack,
    f"{_MOTO}.models:CloudFormationBackend.describe_change_set": a_missing_change_set_has_another_error_code,
    f"{_MOTO}.models:CloudFormationBackend.execute_change_set": a_stack_of_a_change_set_has_no_outputs,
}
