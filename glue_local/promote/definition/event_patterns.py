"""The parts of a rule's EventPattern that name S3 buckets."""

from typing import Any


def member(pattern: Any, *path: str) -> Any:
    """Return the member of a pattern at a path, None if it is absent or the pattern has no objects there."""
    for name in path:
        pattern = pattern.get(name) if isinstance(pattern, dict) else None
    return pattern


def bucket_names(pattern: Any) -> list[Any]:
    """Return what ``detail.bucket.name`` matches: names and, as objects, conditions. Empty if it is not restricted."""
    names = member(pattern, "detail", "bucket", "name")
    return names if isinstance(names, list) else []
