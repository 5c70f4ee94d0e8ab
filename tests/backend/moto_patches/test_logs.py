"""Destinations of deliveries, through boto3."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_a_destination_is_a_bucket_a_log_group_or_a_stream(aws: Callable[..., Any]) -> None:
    logs = aws("logs")
    for arn in ("x", "arn:aws:sqs:us-east-1:000000000000:q"):
        with pytest.raises(ClientError, match="ValidationException"):
            logs.put_delivery_destination(name="d", deliveryDestinationConfiguration={"destinationResourceArn": arn})
    logs.put_delivery_destination(
        name="d", deliveryDestinationConfiguration={"destinationResourceArn": "arn:aws:s3:::b"}
    )
    assert [each["name"] for each in logs.describe_delivery_destinations()["deliveryDestinations"]] == ["d"]
    with pytest.raises(ClientError, match="X-Ray") as refused:
        logs.put_delivery_destination(name="x", deliveryDestinationType="XRAY")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
