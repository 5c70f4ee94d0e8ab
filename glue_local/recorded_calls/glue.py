"""The resources of Glue calls."""

from typing import Any


def resources(operation: str, request: dict[str, Any]) -> list[str]:
    """Return the job, or the catalog's resources: an action on a table also needs permission on its database and the catalog."""
    if "JobName" in request:
        return [f"job/{request['JobName']}"]
    database = request.get("DatabaseName") or request.get("DatabaseInput", {}).get("Name")
    if "Database" in operation:
        database = database or request.get("Name")
        return ["catalog", f"database/{database}"] if database else ["catalog"]
    table = request.get("TableName") or request.get("TableInput", {}).get("Name") or request.get("Name")
    return ["catalog", f"database/{database}", f"table/{database}/{table or '*'}"] if database else []
