"""The resources of DynamoDB calls."""

from typing import Any


def resources(operation: str, request: dict[str, Any]) -> list[str]:
    """Return the table of a request, if it names one."""
    return [f"table/{request['TableName']}"] if request.get("TableName") else []
