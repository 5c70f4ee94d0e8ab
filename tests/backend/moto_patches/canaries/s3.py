"""Canaries of the patches in ``moto_patches/s3.py``."""

import json

from moto import mock_aws

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


CANARIES = {"moto.s3.models:FakeBucket.get_permission": a_deny_with_a_false_condition_denies}
