"""Destinations of deliveries, through boto3."""

import time
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


@pytest.mark.parametrize("identifier", ["g", "arn:aws:logs:us-east-1:000000000000:log-group:g"])
def test_a_query_names_its_log_groups_by_identifier(aws: Callable[..., Any], identifier: str) -> None:
    logs = aws("logs")
    logs.create_log_group(logGroupName="g")
    try:
        logs.create_log_stream(logGroupName="g", logStreamName="s")
        now = int(time.time() * 1000)
        logs.put_log_events(
            logGroupName="g", logStreamName="s", logEvents=[{"timestamp": now, "message": "a message of the group"}]
        )
        asked = {"startTime": now // 1000 - 60, "endTime": now // 1000 + 60, "queryString": "fields @message"}
        query = logs.start_query(logGroupIdentifiers=[identifier], **asked)["queryId"]
        results = logs.get_query_results(queryId=query)["results"]
        assert [each["value"] for each in results[0] if each["field"] == "@message"] == ["a message of the group"]
    finally:
        logs.delete_log_group(logGroupName="g")


def test_a_query_without_log_groups_is_refused(aws: Callable[..., Any]) -> None:
    asked = {"startTime": 1, "endTime": 2, "queryString": "fields @message"}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        aws("logs").start_query(logGroupIdentifiers=[], **asked)
