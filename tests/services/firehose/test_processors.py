"""Processors and dynamic partitioning that Firehose refuses."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

S3 = {"RoleARN": "arn:aws:iam::000000000000:role/delivery", "BucketARN": "arn:aws:s3:::bucket"}


def processor(kind: str, **parameters: str) -> dict[str, Any]:
    given = [{"ParameterName": name, "ParameterValue": value} for name, value in parameters.items()]
    return {"Type": kind, "Parameters": given}


def processing(*processors: dict[str, Any]) -> dict[str, Any]:
    return {"ProcessingConfiguration": {"Enabled": True, "Processors": list(processors)}}


def extraction(query: str = "{k:.k}", engine: str = "JQ-1.6") -> dict[str, Any]:
    return processing(processor("MetadataExtraction", MetadataExtractionQuery=query, JsonParsingEngine=engine))


PARTITIONED = {
    "Prefix": "!{partitionKeyFromQuery:k}/",
    "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
    "DynamicPartitioningConfiguration": {"Enabled": True},
    **extraction(),
}
INVALID = "InvalidArgumentException"
NOT_EMULATED = "NotEmulatedByGlueLocalException"


def create(firehose: Any, name: str, destination: dict[str, Any]) -> None:
    firehose.create_delivery_stream(DeliveryStreamName=name, ExtendedS3DestinationConfiguration={**S3, **destination})


@pytest.mark.parametrize(
    ("destination", "code", "message"),
    [
        (processing(processor("Lambda", LambdaArn="a")), NOT_EMULATED, "The processor Lambda is not emulated"),
        (processing(processor("Decompression")), INVALID, "needs the parameter CompressionFormat"),
        (processing(processor("Decompression", CompressionFormat="ZIP")), INVALID, "must be GZIP, not 'ZIP'"),
        (processing(processor("Decompression", Delimiter="x")), INVALID, "Decompression"),
        (processing(*(processor("AppendDelimiterToRecord"),) * 2), INVALID, "given twice"),
        (processing(processor("AppendDelimiterToRecord", LambdaArn="a")), INVALID, "has no parameter LambdaArn"),
        (
            processing(processor("CloudWatchLogProcessing", DataMessageExtraction="true")),
            INVALID,
            "needs the processor Decompression",
        ),
        (processing(processor("RecordDeAggregation", SubRecordType="XML")), INVALID, "must be JSON or DELIMITED"),
        (processing(processor("RecordDeAggregation", SubRecordType="DELIMITED")), INVALID, "Delimiter in Base64"),
        (
            processing(processor("RecordDeAggregation", SubRecordType="DELIMITED", Delimiter="####")),
            INVALID,
            "Delimiter in Base64",
        ),
        (extraction(), INVALID, "needs DynamicPartitioningConfiguration"),
        ({**PARTITIONED, **processing()}, INVALID, "needs the processor MetadataExtraction"),
        ({**PARTITIONED, **extraction(query="{k:")}, INVALID, "is not a JQ expression"),
        ({**PARTITIONED, **extraction(engine="JQ-1.7")}, INVALID, "must be JQ-1.6"),
        ({**PARTITIONED, "Prefix": "data/"}, INVALID, "in Prefix"),
        ({**PARTITIONED, "ErrorOutputPrefix": "e/!{partitionKeyFromQuery:k}/"}, INVALID, "cannot contain partition"),
        ({**PARTITIONED, "BufferingHints": {"SizeInMBs": 63, "IntervalInSeconds": 60}}, INVALID, "at least 64"),
        ({**PARTITIONED, "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 0}}, INVALID, "cannot be 0"),
    ],
)
def test_invalid_processing_is_refused(aws: Any, destination: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(ClientError, match=message) as refused:
        create(aws("firehose"), "unprocessable", destination)
    assert refused.value.response["Error"]["Code"] == code


def test_disabled_processors_are_not_checked(aws: Any) -> None:
    disabled = {"ProcessingConfiguration": {"Enabled": False, "Processors": [processor("Lambda", LambdaArn="a")]}}
    create(aws("firehose"), "disabled", disabled)


def test_a_partitioned_stream_has_awss_defaults_and_stays_partitioned(aws: Any) -> None:
    firehose = aws("firehose")

    def update(**destination: Any) -> None:
        version = firehose.describe_delivery_stream(DeliveryStreamName="stays")["DeliveryStreamDescription"][
            "VersionId"
        ]
        firehose.update_destination(
            DeliveryStreamName="stays",
            CurrentDeliveryStreamVersionId=version,
            DestinationId="destinationId-000000000001",
            ExtendedS3DestinationUpdate=destination,
        )

    create(firehose, "stays", PARTITIONED)
    described = firehose.describe_delivery_stream(DeliveryStreamName="stays")["DeliveryStreamDescription"]
    s3 = described["Destinations"][0]["ExtendedS3DestinationDescription"]
    assert s3["DynamicPartitioningConfiguration"] == {"Enabled": True, "RetryOptions": {"DurationInSeconds": 300}}
    assert s3["BufferingHints"] == {"SizeInMBs": 128, "IntervalInSeconds": 300}
    update(Prefix="new/!{partitionKeyFromQuery:k}/")
    plain = {"ProcessingConfiguration": {"Enabled": False}, "Prefix": "new/"}
    with pytest.raises(ClientError, match="cannot be enabled or disabled on an existing") as refused:
        update(DynamicPartitioningConfiguration={"Enabled": False}, **plain)
    assert refused.value.response["Error"]["Code"] == INVALID
