"""Queues, through boto3: invalid attributes are refused."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"Region": "nowhere"}, "InvalidAttributeName"),
        ({"DelaySeconds": "soon"}, "InvalidAttributeValue"),
        ({"DelaySeconds": "901"}, "InvalidAttributeValue"),
        ({"Policy": "x"}, "InvalidAttributeValue"),
        ({"RedrivePolicy": "[]"}, "InvalidAttributeValue"),
    ],
)
def test_invalid_attributes_are_refused(aws: Callable[..., Any], attributes: dict[str, str], code: str) -> None:
    sqs = aws("sqs")
    with pytest.raises(ClientError, match=code):
        sqs.create_queue(QueueName="refused", Attributes=attributes)
    url = sqs.create_queue(QueueName="q", Attributes={"DelaySeconds": "900", "VisibilityTimeout": "0"})["QueueUrl"]
    with pytest.raises(ClientError, match=code):
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    assert sqs.list_queues(QueueNamePrefix="refused").get("QueueUrls", []) == []
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["DelaySeconds"] == "900"
