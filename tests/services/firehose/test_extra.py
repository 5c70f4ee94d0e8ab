"""A stream that needs a package which is not installed is refused, with the command that installs it."""

from importlib.metadata import PackageNotFoundError
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.prerequisites import extras

ROLE = "arn:aws:iam::000000000000:role/delivery"
PARQUET = {
    "SchemaConfiguration": {"DatabaseName": "db", "TableName": "t", "RoleARN": ROLE},
    "OutputFormatConfiguration": {"Serializer": {"ParquetSerDe": {}}},
}


@pytest.mark.parametrize(
    ("destination", "package", "extra"),
    [
        ({"CompressionFormat": "Snappy"}, "cramjam", "firehose"),
        ({"CompressionFormat": "HADOOP_SNAPPY"}, "cramjam", "firehose"),
        ({"DynamicPartitioningConfiguration": {"Enabled": True}}, "cramjam", "firehose"),
        ({"DataFormatConversionConfiguration": PARQUET}, "pyarrow", "parquet"),
    ],
)
def test_a_stream_whose_extra_is_missing_is_refused(
    aws: Any, monkeypatch: pytest.MonkeyPatch, destination: dict[str, Any], package: str, extra: str
) -> None:
    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(extras, "version", version)
    configuration = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket", **destination}
    with pytest.raises(ClientError, match=rf"needs {package}, which is not installed: .*glue-local\[{extra}\]"):
        aws("firehose").create_delivery_stream(
            DeliveryStreamName="unmet", ExtendedS3DestinationConfiguration=configuration
        )
    plain = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket", "CompressionFormat": "ZIP"}
    aws("firehose").create_delivery_stream(
        DeliveryStreamName=f"met-{abs(hash(str(destination)))}", ExtendedS3DestinationConfiguration=plain
    )
