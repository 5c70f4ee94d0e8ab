"""Server-side encryption of delivery streams through boto3: a state that clients turn on, off and read."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

S3 = {"RoleARN": "arn:aws:iam::000000000000:role/delivery", "BucketARN": "arn:aws:s3:::bucket"}
KEY = {"KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": "arn:aws:kms:us-east-1:000000000000:key/k"}


def _encryption(firehose: Any, name: str) -> Any:
    stream = firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
    return stream.get("DeliveryStreamEncryptionConfiguration")


def _encrypted(firehose: Any, name: str) -> bool:
    return bool(firehose.put_record(DeliveryStreamName=name, Record={"Data": b"x"})["Encrypted"])


def test_encryption_is_turned_on_and_off(aws: Any) -> None:
    firehose, name = aws("firehose"), {"DeliveryStreamName": "secret"}
    firehose.create_delivery_stream(**name, ExtendedS3DestinationConfiguration=S3)
    assert (_encryption(firehose, "secret"), _encrypted(firehose, "secret")) == (None, False)
    firehose.start_delivery_stream_encryption(**name)
    assert _encryption(firehose, "secret") == {"KeyType": "AWS_OWNED_CMK", "Status": "ENABLED"}
    assert _encrypted(firehose, "secret")
    firehose.start_delivery_stream_encryption(**name, DeliveryStreamEncryptionConfigurationInput=KEY)
    assert _encryption(firehose, "secret") == {**KEY, "Status": "ENABLED"}
    firehose.stop_delivery_stream_encryption(**name)
    assert _encryption(firehose, "secret")["Status"] == "DISABLED"
    assert not _encrypted(firehose, "secret")


def test_a_stream_can_be_created_encrypted(aws: Any) -> None:
    firehose = aws("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName="born-secret",
        ExtendedS3DestinationConfiguration=S3,
        DeliveryStreamEncryptionConfigurationInput={"KeyType": "AWS_OWNED_CMK"},
    )
    assert _encryption(firehose, "born-secret")["Status"] == "ENABLED"


def test_invalid_encryption_is_refused(aws: Any) -> None:
    firehose = aws("firehose")
    arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s"
    firehose.create_delivery_stream(
        DeliveryStreamName="from-kinesis",
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={"KinesisStreamARN": arn, "RoleARN": S3["RoleARN"]},
        ExtendedS3DestinationConfiguration=S3,
    )
    firehose.create_delivery_stream(DeliveryStreamName="keyless", ExtendedS3DestinationConfiguration=S3)
    no_key = {"DeliveryStreamEncryptionConfigurationInput": {"KeyType": "CUSTOMER_MANAGED_CMK"}}
    for name, more, code in (
        ("from-kinesis", {}, "InvalidArgumentException"),
        ("keyless", no_key, "InvalidArgumentException"),
        ("none", {}, "ResourceNotFoundException"),
    ):
        with pytest.raises(ClientError, match=code):
            firehose.start_delivery_stream_encryption(DeliveryStreamName=name, **more)
