"""Canaries of the patches in ``moto_patches/s3_requests.py``."""

from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from moto import mock_aws

from .unpatched import client_without_validation

_MODELS, _RESPONSES = "moto.s3.models:S3Backend", "moto.s3.responses:S3Response"


def fails(ask: Callable[[Any], Any]) -> Callable[[], bool]:
    """Return a canary for a request that raises an exception in moto."""

    def canary() -> bool:
        with mock_aws():
            s3 = client_without_validation("s3")
            s3.create_bucket(Bucket="made")
            s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
            s3.put_object(Bucket="made", Key="k", Body=b"x")
            try:
                ask(s3)
            except ClientError:
                return False
            except Exception:  # noqa: BLE001 - an exception of moto itself
                return True
            return False

    return canary


def a_policy_that_is_not_json_breaks_the_bucket(s3: Any) -> None:
    s3.put_bucket_policy(Bucket="made", Policy="x")
    s3.get_object(Bucket="made", Key="k")


def an_empty_element_is_put(s3: Any) -> None:
    # Without the namespace that botocore adds.
    body = b"<BucketLoggingStatus/>"
    s3.meta.events.register("before-call.s3.PutBucketLogging", lambda params, **_: params.update(body=body))
    s3.put_bucket_logging(Bucket="made", BucketLoggingStatus={})


def put(operation: str, body: str) -> Callable[[Any], None]:
    """Return a request that puts a document of a bucket."""

    def ask(s3: Any) -> None:
        s3.meta.events.register(f"before-call.s3.{operation}", lambda params, **_: params.update(body=body.encode()))
        asked = getattr(s3, xform_name(operation))
        payload = s3.meta.service_model.operation_model(operation).input_shape.serialization["payload"]
        asked(Bucket="made", **{payload: {}})

    return ask


def changes(operation: str, **parameters: Any) -> Callable[[], bool]:
    """Return a canary for a request of a subresource that moto takes for one of the object itself."""

    def canary() -> bool:
        with mock_aws():
            s3 = client_without_validation("s3")
            s3.create_bucket(Bucket="made")
            s3.put_object(Bucket="made", Key="k", Body=b"x")
            before = s3.list_objects_v2(Bucket="made")["Contents"][0]["ETag"]
            getattr(s3, operation)(Bucket="made", Key="k", **parameters)
            after = s3.list_objects_v2(Bucket="made").get("Contents")
            return not after or after[0]["ETag"] != before

    return canary


# A document of each kind that AWS refuses.
_DOCUMENTS = {
    "_bucket_tagging": ("PutBucketTagging", "<Tagging><TagSet>x</TagSet></Tagging>"),
    "_cors": ("PutBucketCors", "<CORSConfiguration><CORSRule>x</CORSRule></CORSConfiguration>"),
    "_encryption_config": (
        "PutBucketEncryption",
        "<ServerSideEncryptionConfiguration><Rule/><Rule/></ServerSideEncryptionConfiguration>",
    ),
    "_logging": ("PutBucketLogging", "<BucketLoggingStatus><LoggingEnabled>x</LoggingEnabled></BucketLoggingStatus>"),
    "_notification_config": (
        "PutBucketNotificationConfiguration",
        "<NotificationConfiguration><TopicConfiguration>x</TopicConfiguration></NotificationConfiguration>",
    ),
    "_ownership_rule": ("PutBucketOwnershipControls", "<OwnershipControls><Rule>x</Rule></OwnershipControls>"),
}


def an_unknown_subresource_is_posted(s3: Any) -> None:
    columns = {"RecordExpiration": {"Expiration": "DISABLED"}}
    configuration = {"JournalTableConfiguration": columns}
    s3.create_bucket_metadata_configuration(Bucket="made", MetadataConfiguration=configuration)


def a_deleted_object_is_deleted_again(s3: Any) -> None:
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket="made", VersioningConfiguration={"Status": status})
        s3.delete_object(Bucket="made", Key="k")


CANARIES = {
    f"{_RESPONSES}._tagging_from_xml": fails(
        lambda s3: s3.put_object_tagging(Bucket="made", Key="k", Tagging={"TagSet": []})
    ),
    "moto.s3.models:FakeDeleteMarker.dispose": fails(a_deleted_object_is_deleted_again),
    "moto.s3.responses:xmltodict": fails(an_empty_element_is_put),
    f"{_MODELS}.put_bucket_policy": fails(a_policy_that_is_not_json_breaks_the_bucket),
    **{f"{_RESPONSES}.{name}_from_body": fails(put(operation, body)) for name, (operation, body) in _DOCUMENTS.items()},
    "moto.s3.models:FakeBucket.set_lifecycle": fails(
        put(
            "PutBucketLifecycleConfiguration",
            "<LifecycleConfiguration><Rule><Status>Enabled</Status><Transition/></Rule></LifecycleConfiguration>",
        )
    ),
    f"{_RESPONSES}._acl_from_headers": fails(lambda s3: s3.put_bucket_acl(Bucket="made", GrantRead="anyone")),
    f"{_RESPONSES}._handle_range_header": fails(lambda s3: s3.get_object(Bucket="made", Key="k", Range="0")),
    f"{_RESPONSES}._key_response_put": changes("rename_object", RenameSource="made/other"),
    f"{_RESPONSES}._key_response_delete": changes("delete_object_annotation", AnnotationName="a"),
    f"{_RESPONSES}._bucket_response_post": fails(an_unknown_subresource_is_posted),
    f"{_MODELS}.list_objects_v2": fails(lambda s3: s3.list_objects_v2(Bucket="made", ContinuationToken="foreign")),
    f"{_MODELS}.put_object_legal_hold": fails(
        lambda s3: s3.put_object_legal_hold(Bucket="locked", Key="missing", LegalHold={"Status": "ON"})
    ),
    f"{_MODELS}.put_object_retention": fails(
        lambda s3: s3.put_object_retention(Bucket="locked", Key="missing", Retention={"Mode": "GOVERNANCE"})
    ),
    f"{_MODELS}.delete_object_tagging": fails(lambda s3: s3.delete_object_tagging(Bucket="made", Key="missing")),
}
