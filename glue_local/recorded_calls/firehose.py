"""The resources of Firehose calls."""

from typing import Any


def resources(operation: str, request: dict[str, Any]) -> list[str]:
    """Return the delivery stream of a request, if it names one."""
    return [f"deliverystream/{request['DeliveryStreamName']}"] if request.get("DeliveryStreamName") else []
