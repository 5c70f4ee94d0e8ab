"""Mappings from a table's columns to those of a target, as GetMapping returns them."""

import re
from collections.abc import Sequence
from typing import Any

# Hive's names for types that Glue names otherwise.
_TYPES = {"bigint": "long", "smallint": "short", "tinyint": "byte", "integer": "int", "real": "float"}
_CHARACTERS = re.compile(r"(var)?char\(\d+\)\Z")


def mappings_of(table: dict[str, Any], sinks: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Return MappingEntries from each column and partition key of a table.

    Without sinks every column is mapped to itself; with sinks to each one's column of the same name, regardless of
    letter case, and columns that a sink lacks are not mapped.
    """
    columns = _columns(table)
    if not sinks:
        return [_entry(table, column, table, column) for column in columns]
    entries = []
    for sink in sinks:
        targets = {column["Name"].lower(): column for column in _columns(sink)}
        entries += [
            _entry(table, column, sink, targets[column["Name"].lower()])
            for column in columns
            if column["Name"].lower() in targets
        ]
    return entries


def glue_type(hive_type: str) -> str:
    """Return the name of a Hive type in mappings: ``bigint`` is ``long``, ``array<int>`` is ``array``."""
    name = hive_type.strip().lower()
    if _CHARACTERS.match(name):
        return "string"
    bare = name.partition("<")[0].strip()
    return _TYPES.get(bare, bare)


def _columns(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [*table.get("StorageDescriptor", {}).get("Columns", []), *table.get("PartitionKeys", [])]


def _entry(
    source: dict[str, Any], have: dict[str, Any], target: dict[str, Any], want: dict[str, Any]
) -> dict[str, str]:
    return {
        "SourceTable": source["Name"],
        "SourcePath": path(have["Name"]),
        "SourceType": glue_type(have.get("Type", "string")),
        "TargetTable": target["Name"],
        "TargetPath": path(want["Name"]),
        "TargetType": glue_type(want.get("Type", "string")),
    }


def path(name: str) -> str:
    """Return a field's name as a path; a name with a period or backtick needs backticks."""
    return f"`{name}`" if "." in name and not name.startswith("`") else name
