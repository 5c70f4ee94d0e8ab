"""Conditions on documents in SQL, so that a filtered page is read without the documents that it does not contain."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from glue_local.store import kinds


class Condition(NamedTuple):
    """An SQL condition on the table ``documents``, and the values of its ``?``."""

    sql: str
    parameters: tuple[Any, ...]


def all_of(conditions: Collection[Condition]) -> Condition | None:
    """Return the condition that all conditions are met, None if there are none."""
    if not conditions:
        return None
    return Condition(
        " AND ".join(f"({one.sql})" for one in conditions),
        tuple(value for one in conditions for value in one.parameters),
    )


def key_in(names: Collection[str]) -> Condition:
    """Return the condition that a document's key is one of ``names``."""
    return Condition(f"documents.key IN ({', '.join('?' * len(names))})", tuple(names))


def with_tags(arn_of_empty_name: str, tags: Mapping[str, str]) -> Condition | None:
    """Return the condition that a resource, whose ARN ends in its name, has all of ``tags``; None without tags."""
    sql = (
        "EXISTS (SELECT 1 FROM documents AS tagged, json_each(tagged.document) AS tag"
        " WHERE tagged.account = documents.account AND tagged.region = documents.region AND tagged.kind = ?"
        " AND tagged.key = ? || documents.key AND tag.key = ? AND tag.value = ?)"
    )
    return all_of([Condition(sql, (kinds.TAGS, arn_of_empty_name, name, value)) for name, value in tags.items()])


def with_item(list_member: str, member: str, value: str) -> Condition:
    """Return the condition that an item of a list has a member with this value."""
    sql = f"EXISTS (SELECT 1 FROM json_each(document, '$.{list_member}') WHERE json_extract(value, '$.{member}') = ?)"
    return Condition(sql, (value,))
