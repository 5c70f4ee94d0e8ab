"""Requests to buckets that AWS refuses, and documents without content."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::of-requests/*"}
BUCKET = {"Bucket": "of-requests"}
KEY = {**BUCKET, "Key": "k"}


@pytest.fixture
def s3(aws: Callable[..., Any]) -> Iterator[Any]:
    client = aws("s3")
    client.create_bucket(**BUCKET)
    client.put_object(**KEY, Body=b"abc")
    yield client
    client.delete_object(**KEY)
    client.delete_bucket(**BUCKET)


def sent_as(s3: Any, operation: str, body: bytes) -> None:
    """Replace the body of an operation's requests."""
    s3.meta.events.register(f"before-call.s3.{operation}", lambda params, **_: params.update(body=body))


@pytest.mark.parametrize(
    "policy",
    [
        "x",
        "[]",
        json.dumps({"Statement": []}),
        json.dumps({"Statement": {**STATEMENT, "Effect": "Maybe"}}),
        *(json.dumps({"Statement": [{k: v for k, v in STATEMENT.items() if k != lacking}]}) for lacking in STATEMENT),
        json.dumps({"Statement": [{**STATEMENT, "Resource": [1]}]}),
    ],
)
def test_a_malformed_policy_is_refused_and_not_stored(s3: Any, policy: str) -> None:
    with pytest.raises(ClientError, match="MalformedPolicy"):
        s3.put_bucket_policy(**BUCKET, Policy=policy)
    assert s3.get_object(**KEY)["Body"].read() == b"abc"
    s3.put_bucket_policy(**BUCKET, Policy=json.dumps({"Statement": [STATEMENT]}))
    assert s3.get_object(**KEY)["Body"].read() == b"abc"


def test_an_empty_element_removes_what_it_configures(s3: Any) -> None:
    sent_as(s3, "PutBucketLogging", b"<BucketLoggingStatus/>")
    s3.put_bucket_logging(**BUCKET, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(**BUCKET)
    sent_as(s3, "PutBucketNotificationConfiguration", b"<NotificationConfiguration/>")
    s3.put_bucket_notification_configuration(**BUCKET, NotificationConfiguration={})
    assert "QueueConfigurations" not in s3.get_bucket_notification_configuration(**BUCKET)


@pytest.mark.parametrize("body", [b"", b"x", b"<AccelerateConfiguration>", b"<AccelerateConfiguration/>"])
def test_a_body_without_the_document_is_malformed(s3: Any, body: bytes) -> None:
    sent_as(s3, "PutBucketAccelerateConfiguration", body)
    with pytest.raises(ClientError, match="MalformedXML"):
        s3.put_bucket_accelerate_configuration(**BUCKET, AccelerateConfiguration={"Status": "Enabled"})


def test_invalid_arguments_are_refused(s3: Any) -> None:
    for ask in (
        lambda: s3.put_bucket_acl(**BUCKET, GrantRead="anyone"),
        lambda: s3.list_objects_v2(**BUCKET, ContinuationToken="foreign"),
    ):
        with pytest.raises(ClientError, match="InvalidArgument"):
            ask()
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.delete_object_tagging(**BUCKET, Key="missing")
    s3.put_bucket_acl(**BUCKET, GrantRead='uri="http://acs.amazonaws.com/groups/global/AllUsers", id=a')
    grants = s3.get_bucket_acl(**BUCKET)["Grants"]
    assert {grant["Permission"] for grant in grants} == {"READ"}


def test_a_range_without_a_unit_is_ignored(s3: Any) -> None:
    assert s3.get_object(**KEY, Range="0-1")["Body"].read() == b"abc"
    assert s3.get_object(**KEY, Range="bytes=0-1")["Body"].read() == b"ab"


def test_an_unknown_subresource_is_not_emulated(s3: Any) -> None:
    configuration = {"JournalTableConfiguration": {"RecordExpiration": {"Expiration": "DISABLED"}}}
    with pytest.raises(ClientError, match="metadataConfiguration") as refusal:
        s3.create_bucket_metadata_configuration(**BUCKET, MetadataConfiguration=configuration)
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("delete_object_annotation", {"AnnotationName": "a"}),
        ("put_object_annotation", {"AnnotationName": "a", "AnnotationPayload": b"x"}),
        ("rename_object", {"RenameSource": "other"}),
    ],
)
def test_a_request_of_an_unknown_subresource_does_not_change_the_object(
    s3: Any, operation: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as refusal:
        getattr(s3, operation)(**KEY, **parameters)
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert s3.get_object(**KEY)["Body"].read() == b"abc"


def test_the_lock_of_a_missing_object_is_refused(s3: Any) -> None:
    s3.create_bucket(Bucket="of-locks", ObjectLockEnabledForBucket=True)
    for more, code in (({}, "NoSuchKey"), ({"VersionId": "1"}, "NoSuchVersion")):
        with pytest.raises(ClientError, match=code):
            s3.put_object_legal_hold(Bucket="of-locks", Key="missing", LegalHold={"Status": "ON"}, **more)
        with pytest.raises(ClientError, match=code):
            s3.put_object_retention(Bucket="of-locks", Key="missing", Retention={"Mode": "GOVERNANCE"}, **more)


def test_an_empty_element_in_a_lifecycle_rule_is_malformed(s3: Any) -> None:
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}}
    configuration = {"Rules": [{**rule, "Expiration": {"Days": 1}}]}
    s3.put_bucket_lifecycle_configuration(**BUCKET, LifecycleConfiguration=configuration)
    assert s3.get_bucket_lifecycle_configuration(**BUCKET)["Rules"][0]["Expiration"] == {"Days": 1}
    sent_as(
        s3,
        "PutBucketLifecycleConfiguration",
        b"<LifecycleConfiguration><Rule><Status>Enabled</Status><Transition/></Rule></LifecycleConfiguration>",
    )
    with pytest.raises(ClientError, match="MalformedXML"):
        s3.put_bucket_lifecycle_configuration(**BUCKET, LifecycleConfiguration=configuration)


def test_an_empty_set_of_tags_removes_the_tags(s3: Any) -> None:
    s3.put_object_tagging(**KEY, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.put_object_tagging(**KEY, Tagging={"TagSet": []})
    assert s3.get_object_tagging(**KEY)["TagSet"] == []


def test_a_deleted_object_is_deleted_again_after_versioning_was_suspended(s3: Any) -> None:
    s3.create_bucket(Bucket="of-versions")
    s3.put_object(Bucket="of-versions", Key="k", Body=b"x")
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket="of-versions", VersioningConfiguration={"Status": status})
        s3.delete_object(Bucket="of-versions", Key="k")
    assert "Contents" not in s3.list_objects_v2(Bucket="of-versions")
