"""Convert tags between the forms that services use: a map or a list of pairs."""

from collections.abc import Mapping
from typing import Any

Request = dict[str, Any]


def as_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Convert tags to a list of pairs."""
    return [{key: name, value: text} for name, text in tags.items()]


def as_map(tags: list[dict[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Convert a list of pairs to a map."""
    return {pair[key]: pair.get(value, "") for pair in tags}


def tags_as_map(request: Request, tags: Mapping[str, str]) -> Request:
    """Add tags to a request whose Tags are a map."""
    return {**request, "Tags": {**request.get("Tags", {}), **tags}}


def tags_as_list(request: Request, tags: Mapping[str, str]) -> Request:
    """Add tags to a request whose Tags are a list of Key and Value."""
    return {**request, "Tags": as_list({**as_map(request.get("Tags", [])), **tags})}


def given(request: Request) -> dict[str, str]:
    """Return the tags in a request, in either form."""
    tags = request.get("Tags") or request.get("tags") or {}
    if isinstance(tags, list):
        return {str(pair.get("Key", pair.get("key"))): str(pair.get("Value", pair.get("value"))) for pair in tags}
    return dict(tags)
