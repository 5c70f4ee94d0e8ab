"""Canaries of the patches in ``moto_patches/s3.py``."""

import json
from typing import Any

from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.s3.models import s3_backends

from .unpatched import client


def a_deny_with_a_false_condition_denies() -> bool:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::made/*"}
    statement = {**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    with mock_aws():
        s3 = client("s3")
        s3.create_bucket(Bucket="made")
        s3.put_bucket_policy(Bucket="made", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        try:
            s3.put_object(Bucket="made", Key="k", Body=b"x")
        except s3.exceptions.ClientError:
            return True
        return False


def the_configuration_for_events_is_not_returned() -> bool:
    with mock_aws():
        s3 = client("s3")
        s3.create_bucket(Bucket="made")
        s3.put_bucket_notification_configuration(
            Bucket="made", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        return "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket="made")


def a_bucket_of_a_stack_sends_no_events() -> bool:
    notified = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "made", "NotificationConfiguration": notified}}
    with mock_aws():
        client("cloudformation").create_stack(StackName="s", TemplateBody=json.dumps({"Resources": {"B": bucket}}))
        return s3_backends[ACCOUNT]["aws"].buckets["made"].notification_configuration is None


def an_updated_bucket_of_a_stack_sends_no_events() -> bool:
    properties: dict[str, Any] = {"BucketName": "made"}
    template = {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": properties}}}
    with mock_aws():
        stacks = client("cloudformation")
        stacks.create_stack(StackName="s", TemplateBody=json.dumps(template))
        properties["NotificationConfiguration"] = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
        stacks.update_stack(StackName="s", TemplateBody=json.dumps(template))
        return s3_backends[ACCOUNT]["aws"].buckets["made"].notification_configuration is None


CANARIES = {
    "moto.s3.responses:S3Response.get_bucket_notification": the_configuration_for_events_is_not_returned,
    "moto.s3.models:FakeBucket.create_from_cloudformation_json": a_bucket_of_a_stack_sends_no_events,
    "moto.s3.models:FakeBucket.update_from_cloudformation_json": an_updated_bucket_of_a_stack_sends_no_events,
    "moto.s3.models:FakeBucket.get_permission": a_deny_with_a_false_condition_denies,
}
