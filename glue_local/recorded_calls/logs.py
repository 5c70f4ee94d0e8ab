"""The resources of CloudWatch Logs calls."""

from typing import Any


def resources(operation: str, request: dict[str, Any]) -> list[str]:
    """Return the log group of a request, if it names one."""
    return [f"log-group:{request['logGroupName']}:*"] if request.get("logGroupName") else []
