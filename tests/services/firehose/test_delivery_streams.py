"""Firehose's operations and their error codes."""

import string
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.delivery.prefix import java_time
from glue_local.services.firehose.prefixes import TIMESTAMP_LETTERS

ROLE = "arn:aws:iam::000000000000:role/delivery"
S3 = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket"}


def create(firehose: Any, name: str, **more: Any) -> Any:
    destination = {"ExtendedS3DestinationConfiguration": {**S3, **more.pop("destination", {})}}
    return firehose.create_delivery_stream(DeliveryStreamName=name, **{**destination, **more})


def code(refusal: Any) -> str:
    return str(refusal.value.response["Error"]["Code"])


def test_a_created_stream_is_described_with_awss_defaults(aws: Any) -> None:
    firehose = aws("firehose")
    arn = create(firehose, "described")["DeliveryStreamARN"]
    assert arn == "arn:aws:firehose:us-east-1:000000000000:deliverystream/described"
    stream = firehose.describe_delivery_stream(DeliveryStreamName="described")["DeliveryStreamDescription"]
    assert (stream["DeliveryStreamStatus"], stream["DeliveryStreamType"]) == ("ACTIVE", "DirectPut")
    s3 = stream["Destinations"][0]["ExtendedS3DestinationDescription"]
    assert s3["BufferingHints"] == {"SizeInMBs": 5, "IntervalInSeconds": 300}
    assert s3["CompressionFormat"] == "UNCOMPRESSED"


def test_a_destination_is_described_under_both_of_its_names(aws: Any) -> None:
    firehose = aws("firehose")
    create(firehose, "both-names", destination={"FileExtension": ".json"})
    (destination,) = firehose.describe_delivery_stream(DeliveryStreamName="both-names")["DeliveryStreamDescription"][
        "Destinations"
    ]
    extended, plain = destination["ExtendedS3DestinationDescription"], destination["S3DestinationDescription"]
    assert (extended["FileExtension"], "FileExtension" in plain) == (".json", False)
    assert plain["BucketARN"] == extended["BucketARN"] == S3["BucketARN"]


@pytest.mark.parametrize(
    ("destination", "refusal"),
    [
        ({"BufferingHints": {"IntervalInSeconds": 1}}, "InvalidArgumentException"),
        ({"Prefix": "a/!{timestamp:yyyy}/"}, "InvalidArgumentException"),
        ({"Prefix": "a/!{firehose:error-output-type}/", "ErrorOutputPrefix": "e/"}, "InvalidArgumentException"),
        ({"ErrorOutputPrefix": "e/!{timestamp:yyyy}/"}, "InvalidArgumentException"),
        ({"Prefix": "a/!{nothing:here}/", "ErrorOutputPrefix": "e/"}, "InvalidArgumentException"),
        (
            {"Prefix": "a/!{timestamp:yyyy", "ErrorOutputPrefix": "e/!{firehose:error-output-type}"},
            "InvalidArgumentException",
        ),
        ({"Prefix": "a/!{timestamp:}/", "ErrorOutputPrefix": "e/"}, "InvalidArgumentException"),
        ({"Prefix": "a/!{timestamp:'day}/", "ErrorOutputPrefix": "e/"}, "InvalidArgumentException"),
        ({"CustomTimeZone": "Mars/X"}, "InvalidArgumentException"),
        ({"S3BackupMode": "Enabled"}, "NotEmulatedByGlueLocalException"),
        ({"Prefix": "a/!{timestamp:QQ}/", "ErrorOutputPrefix": "e/"}, "NotEmulatedByGlueLocalException"),
        ({"Prefix": "!{partitionKeyFromQuery:id}/", "ErrorOutputPrefix": "e/"}, "InvalidArgumentException"),
        ({"Prefix": "!{partitionKeyFromLambda:id}/", "ErrorOutputPrefix": "e/"}, "NotEmulatedByGlueLocalException"),
    ],
)
def test_an_invalid_destination_is_refused(aws: Any, destination: dict[str, Any], refusal: str) -> None:
    firehose = aws("firehose")
    with pytest.raises(ClientError) as refused:
        create(firehose, "undeliverable", destination=destination)
    assert code(refused) == refusal
    create(firehose, name := f"updated-{abs(hash(str(destination)))}")
    with pytest.raises(ClientError) as refused:
        firehose.update_destination(
            DeliveryStreamName=name,
            CurrentDeliveryStreamVersionId="1",
            DestinationId="destinationId-000000000001",
            ExtendedS3DestinationUpdate=destination,
        )
    assert code(refused) == refusal


def test_the_letters_that_are_accepted_are_those_that_can_be_formatted() -> None:
    instant = datetime(2026, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    assert all(java_time(letter, instant) for letter in TIMESTAMP_LETTERS)
    for letter in set(string.ascii_letters) - TIMESTAMP_LETTERS:
        with pytest.raises(ValueError, match="is not supported"):
            java_time(letter, instant)


def test_a_stream_has_one_destination(aws: Any) -> None:
    firehose = aws("firehose")
    with pytest.raises(firehose.exceptions.InvalidArgumentException):
        create(firehose, "two-destinations", S3DestinationConfiguration=S3)
    create(firehose, "one-destination")
    with pytest.raises(firehose.exceptions.InvalidArgumentException):
        firehose.update_destination(
            DeliveryStreamName="one-destination",
            CurrentDeliveryStreamVersionId="1",
            DestinationId="destinationId-000000000009",
            ExtendedS3DestinationUpdate={"Prefix": "new/"},
        )


def test_streams_are_listed_by_name_and_page(aws: Any) -> None:
    firehose = aws("firehose", "222233334444")
    for name in ("c", "a", "b"):
        create(firehose, name)
    first = firehose.list_delivery_streams(Limit=2)
    assert (first["DeliveryStreamNames"], first["HasMoreDeliveryStreams"]) == (["a", "b"], True)
    rest = firehose.list_delivery_streams(ExclusiveStartDeliveryStreamName="b")
    assert (rest["DeliveryStreamNames"], rest["HasMoreDeliveryStreams"]) == (["c"], False)


def test_an_update_needs_the_current_version(aws: Any) -> None:
    firehose = aws("firehose")
    create(firehose, "updated")

    def update(version: str) -> Any:
        return firehose.update_destination(
            DeliveryStreamName="updated",
            CurrentDeliveryStreamVersionId=version,
            DestinationId="destinationId-000000000001",
            ExtendedS3DestinationUpdate={"Prefix": "new/"},
        )

    update("1")
    stream = firehose.describe_delivery_stream(DeliveryStreamName="updated")["DeliveryStreamDescription"]
    assert stream["VersionId"] == "2"
    assert stream["Destinations"][0]["ExtendedS3DestinationDescription"]["Prefix"] == "new/"
    with pytest.raises(ClientError) as refusal:
        update("1")
    assert code(refusal) == "ConcurrentModificationException"


def test_an_update_keeps_omitted_members(aws: Any) -> None:
    firehose, glue = aws("firehose"), aws("glue")
    glue.create_database(DatabaseInput={"Name": "kept"})
    given = {
        "EncryptionConfiguration": {
            "KMSEncryptionConfig": {"AWSKMSKeyARN": "arn:aws:kms:us-east-1:000000000000:key/k"}
        },
        "CloudWatchLoggingOptions": {"Enabled": True, "LogGroupName": "g", "LogStreamName": "s"},
        "ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "AppendDelimiterToRecord"}]},
        "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 7},
        "CustomTimeZone": "Europe/Brussels",
        "ErrorOutputPrefix": "errors/",
        "DataFormatConversionConfiguration": {
            "SchemaConfiguration": {"DatabaseName": "kept", "TableName": "t", "RoleARN": S3["RoleARN"]},
            "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
            "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
        },
    }
    create(firehose, "kept", ExtendedS3DestinationConfiguration={**S3, **given})

    def described() -> Any:
        stream = firehose.describe_delivery_stream(DeliveryStreamName="kept")["DeliveryStreamDescription"]
        return stream["Destinations"][0]["ExtendedS3DestinationDescription"]

    def update(version: str, **destination: Any) -> None:
        firehose.update_destination(
            DeliveryStreamName="kept",
            CurrentDeliveryStreamVersionId=version,
            DestinationId="destinationId-000000000001",
            **destination,
        )

    before = described()
    update("1", ExtendedS3DestinationUpdate={"Prefix": "new/"})
    assert described() == {**before, "Prefix": "new/"}
    assert described()["EncryptionConfiguration"] == given["EncryptionConfiguration"]
    update("2", S3DestinationUpdate={"Prefix": "newer/"})
    assert described() == {**before, "Prefix": "newer/"}
    update("3", ExtendedS3DestinationUpdate={"EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"}})
    assert described()["EncryptionConfiguration"] == {"NoEncryptionConfig": "NoEncryption"}
    update("4", ExtendedS3DestinationUpdate={"DataFormatConversionConfiguration": {"Enabled": False}})
    conversion = {**given["DataFormatConversionConfiguration"], "Enabled": False}
    assert described()["DataFormatConversionConfiguration"] == conversion


def test_errors_have_awss_codes(aws: Any) -> None:
    firehose = aws("firehose")
    create(firehose, "taken")
    for expected, call in {
        "ResourceInUseException": lambda: create(firehose, "taken"),
        "ResourceNotFoundException": lambda: firehose.describe_delivery_stream(DeliveryStreamName="nobody"),
        "InvalidArgumentException": lambda: create(firehose, "x", DeliveryStreamType="KinesisStreamAsSource"),
    }.items():
        with pytest.raises(ClientError) as refusal:
            call()
        assert code(refusal) == expected


@pytest.mark.parametrize(
    "destination",
    [
        {"ProcessingConfiguration": {"Enabled": True, "Processors": [{"Type": "Lambda"}]}},
    ],
)
def test_parameters_that_would_change_the_delivery_are_refused(aws: Any, destination: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refusal:
        create(aws("firehose"), "refused", destination=destination)
    assert code(refusal) == "NotEmulatedByGlueLocalException"


SCHEMA = {"DatabaseName": "db", "TableName": "t", "RoleARN": ROLE}
PARQUET = {
    "SchemaConfiguration": SCHEMA,
    "InputFormatConfiguration": {"Deserializer": {"OpenXJsonSerDe": {}}},
    "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
}


@pytest.mark.parametrize(
    "destination",
    [
        {"CompressionFormat": "GZIP"},
        {"BufferingHints": {"SizeInMBs": 63, "IntervalInSeconds": 60}},
        {"DataFormatConversionConfiguration": {**PARQUET, "SchemaConfiguration": {"DatabaseName": "db"}}},
    ],
)
def test_conversion_has_awss_constraints(aws: Any, destination: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refusal:
        create(aws("firehose"), "x", destination={"DataFormatConversionConfiguration": PARQUET, **destination})
    assert code(refusal) == "InvalidArgumentException"


@pytest.mark.parametrize(
    "destination",
    [
        {"FileExtension": ".pq"},
        {"DataFormatConversionConfiguration": {**PARQUET, "SchemaConfiguration": {**SCHEMA, "VersionId": "3"}}},
        *(
            {"DataFormatConversionConfiguration": {**PARQUET, "InputFormatConfiguration": {"Deserializer": options}}}
            for options in (
                {"OpenXJsonSerDe": {"ColumnToJsonKeyMappings": {"ts": "timestamp"}}},
                {"OpenXJsonSerDe": {"ConvertDotsInJsonKeysToUnderscores": True}},
                {"OpenXJsonSerDe": {"CaseInsensitive": False}},
                {"HiveJsonSerDe": {"TimestampFormats": ["millis"]}},
            )
        ),
    ],
)
def test_parameters_that_would_change_the_conversion_are_refused(aws: Any, destination: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refusal:
        create(aws("firehose"), "x", destination={"DataFormatConversionConfiguration": PARQUET, **destination})
    assert code(refusal) == "NotEmulatedByGlueLocalException"


def test_other_destinations_are_refused(aws: Any) -> None:
    http = {
        "EndpointConfiguration": {"Url": "https://example.com"},
        "S3Configuration": S3,
    }
    with pytest.raises(ClientError, match="HttpEndpointDestinationConfiguration") as refusal:
        aws("firehose").create_delivery_stream(DeliveryStreamName="http", HttpEndpointDestinationConfiguration=http)
    assert code(refusal) == "NotEmulatedByGlueLocalException"
