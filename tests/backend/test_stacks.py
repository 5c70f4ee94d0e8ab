"""CloudFormation: stacks of what moto makes, and refusals of what it would only pretend to make."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]
BUCKET = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "of-a-stack"}}
JOB_PROPERTIES = {"Role": "r", "Command": {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}}


@pytest.mark.parametrize(
    "type_name",
    ["AWS::Glue::Job", "AWS::KinesisFirehose::DeliveryStream", "AWS::StepFunctions::StateMachine"],
)
def test_a_stack_with_a_resource_nobody_makes_is_refused_as_a_whole(aws: Aws, type_name: str) -> None:
    resources = {"Bucket": BUCKET, "Other": {"Type": type_name, "Properties": JOB_PROPERTIES}}
    with pytest.raises(ClientError) as refusal:
        aws("cloudformation").create_stack(StackName="refused", TemplateBody=json.dumps({"Resources": resources}))
    error = refusal.value.response["Error"]
    assert (error["Code"], type_name in error["Message"]) == ("ValidationError", True)
    assert aws("s3").list_buckets()["Buckets"] == []


def test_a_stack_of_what_moto_makes_is_made(aws: Aws) -> None:
    template = json.dumps({"Resources": {"Bucket": BUCKET}})
    account = "111122223333"
    aws("cloudformation", account).create_stack(StackName="made", TemplateBody=template)
    assert [bucket["Name"] for bucket in aws("s3", account).list_buckets()["Buckets"]] == ["of-a-stack"]
