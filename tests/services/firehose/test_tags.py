"""Tags of delivery streams through boto3."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

S3 = {"RoleARN": "arn:aws:iam::000000000000:role/delivery", "BucketARN": "arn:aws:s3:::bucket"}


def _tags(firehose: Any, name: str, **request: Any) -> list[tuple[str, str]]:
    answer = firehose.list_tags_for_delivery_stream(DeliveryStreamName=name, **request)
    return [(tag["Key"], tag["Value"]) for tag in answer["Tags"]]


def test_tags_are_added_replaced_removed_and_deleted_with_their_stream(aws: Any) -> None:
    firehose = aws("firehose")
    create = {"DeliveryStreamName": "tagged", "ExtendedS3DestinationConfiguration": S3}
    firehose.create_delivery_stream(**create, Tags=[{"Key": "b", "Value": "1"}, {"Key": "a"}])
    assert _tags(firehose, "tagged") == [("a", ""), ("b", "1")]
    firehose.tag_delivery_stream(DeliveryStreamName="tagged", Tags=[{"Key": "b", "Value": "2"}, {"Key": "c"}])
    firehose.untag_delivery_stream(DeliveryStreamName="tagged", TagKeys=["a", "none"])
    assert _tags(firehose, "tagged") == [("b", "2"), ("c", "")]
    assert _tags(firehose, "tagged", ExclusiveStartTagKey="b") == [("c", "")]
    answer = firehose.list_tags_for_delivery_stream(DeliveryStreamName="tagged", Limit=1)
    assert ([tag["Key"] for tag in answer["Tags"]], answer["HasMoreTags"]) == (["b"], True)
    firehose.delete_delivery_stream(DeliveryStreamName="tagged")
    firehose.create_delivery_stream(**create)
    assert _tags(firehose, "tagged") == []


def test_invalid_tags_are_refused(aws: Any) -> None:
    firehose = aws("firehose")
    firehose.create_delivery_stream(DeliveryStreamName="few-tags", ExtendedS3DestinationConfiguration=S3)
    many = [{"Key": f"k{n}"} for n in range(50)]
    firehose.tag_delivery_stream(DeliveryStreamName="few-tags", Tags=many)
    for tags, code in ([[{"Key": "one-more"}], "LimitExceededException"], [[{"Key": "aws:x"}], "ValidationException"]):
        with pytest.raises(ClientError, match=str(code)):
            firehose.tag_delivery_stream(DeliveryStreamName="few-tags", Tags=tags)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        firehose.tag_delivery_stream(DeliveryStreamName="none", Tags=many)
