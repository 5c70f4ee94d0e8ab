"""The resources of Systems Manager calls."""

from typing import Any


def resources(operation: str, request: dict[str, Any]) -> list[str]:
    """Return the parameter of a request, if it names one."""
    return [f"parameter/{request['Name'].lstrip('/')}"] if request.get("Name") else []
