"""Patches of moto's SQS: the attributes of queues."""

import json
from collections.abc import Callable
from typing import Any

from glue_local.backend.moto_patches.patch import Patch, attribute

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
_RANGES = {
    "DelaySeconds": (0, 900),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400),
    "MaximumMessageSize": (1024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}
_DOCUMENTS = frozenset(("Policy", "RedrivePolicy", "RedriveAllowPolicy"))
# QueueName is a property of CloudFormation's queues.
_OTHERS = frozenset(
    ("ContentBasedDeduplication", "DeduplicationScope", "FifoQueue", "FifoThroughputLimit", "KmsMasterKeyId",
     "QueueName", "SqsManagedSseEnabled")
)  # fmt: skip
_KNOWN = _RANGES.keys() | _DOCUMENTS | _OTHERS


def _is_valid(name: str, value: Any) -> bool:
    if name in _RANGES:
        least, most = _RANGES[name]
        text = str(value)
        return text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most
    if name in _DOCUMENTS and isinstance(value, str) and value:
        try:
            return isinstance(json.loads(value), dict)
        except ValueError:
            return False
    return True


def _checked(set_attributes: Callable[..., None]) -> Callable[..., None]:
    error = attribute("moto.sqs.exceptions:SQSException")

    def set_checked(self: Any, attributes: dict[str, Any], *rest: Any) -> None:
        for name, value in attributes.items():
            if name not in _KNOWN:
                raise error("InvalidAttributeName", f"Unknown Attribute {name}.")
            if value is not None and not _is_valid(name, value):
                raise error("InvalidAttributeValue", f"Invalid value for the parameter {name}.")
        set_attributes(self, attributes, *rest)

    return set_checked


PATCHES = (
    Patch(
        "moto.sqs.models:Queue._set_attributes",
        "attributes of a queue with unknown names replace its fields, and invalid values fail the request",
        _checked,
    ),
)
