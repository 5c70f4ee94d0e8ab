"""Requests that are refused before the backend stores their values, through boto3 without its own validation."""

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from glue_local.server import Server


def unvalidated(endpoint: "Server", service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
    )


def test_a_message_that_is_no_text_is_refused_and_not_stored(endpoint: "Server") -> None:
    sqs = unvalidated(endpoint, "sqs")
    url = sqs.create_queue(QueueName="typed")["QueueUrl"]
    with pytest.raises(ClientError, match=r"SerializationException.*Start of list found .* 'messageBody'"):
        sqs.send_message(QueueUrl=url, MessageBody=[])
    sqs.send_message(QueueUrl=url, MessageBody="text")
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in received] == ["text"]


def test_a_rule_whose_name_is_a_number_is_refused_and_not_stored(endpoint: "Server") -> None:
    events = unvalidated(endpoint, "events")
    with pytest.raises(ClientError, match=r"SerializationException.*NUMBER_VALUE can not be converted to String"):
        events.put_rule(Name=5, ScheduleExpression="rate(1 day)")
    assert events.list_rules(NamePrefix="a")["Rules"] == []
