"""The resources of Kinesis calls."""

from typing import Any


def resources(operation: str, request: dict[str, Any]) -> list[str]:
    """Return the stream of a request by name or ARN, if it names one."""
    stream = request.get("StreamName") or str(request.get("StreamARN") or "").partition(":stream/")[2]
    return [f"stream/{stream}"] if stream else []
