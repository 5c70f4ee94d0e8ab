"""Buckets with policies, through boto3."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

ALL = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::of-policy/*"}


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_a_policy_with_a_condition_is_ignored_and_one_without_denies(aws: Callable[..., Any]) -> None:
    s3, policy = aws("s3"), {"Bucket": "of-policy"}
    s3.create_bucket(**policy)
    tls = {**ALL, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    s3.put_bucket_policy(**policy, Policy=_policy(tls))
    s3.put_object(**policy, Key="k", Body=b"x")
    s3.put_bucket_policy(**policy, Policy=_policy(tls, ALL))
    with pytest.raises(ClientError, match="403"):
        s3.put_object(**policy, Key="k", Body=b"x")


def test_mock_aws_in_the_same_process_reads_bytes(aws: Callable[..., Any]) -> None:
    aws("s3").create_bucket(Bucket="served")  # applies the patches
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="mocked")
        s3.put_object(Bucket="mocked", Key="a", Body=b"bytes")
        s3.copy_object(Bucket="mocked", Key="b", CopySource="mocked/a")
        assert s3.get_object(Bucket="mocked", Key="b")["Body"].read() == b"bytes"
