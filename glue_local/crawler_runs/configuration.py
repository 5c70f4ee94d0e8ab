"""The Configuration of a crawler: versioned JSON text with its grouping and output options.

https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html
"""

import json
from dataclasses import dataclass
from math import isfinite
from typing import Any

from glue_local.core.faults import Invalid

_KEYS = {
    "": ("Version", "Grouping", "CrawlerOutput", "CreatePartitionIndex"),
    "Grouping": ("TableGroupingPolicy", "TableLevelConfiguration"),
    "CrawlerOutput": ("Partitions", "Tables"),
    "CrawlerOutput.Partitions": ("AddOrUpdateBehavior",),
    "CrawlerOutput.Tables": ("AddOrUpdateBehavior", "TableThreshold"),
}


@dataclass(frozen=True)
class Configuration:
    """The options. ``table_level`` counts from the bucket, which is level 1; 0: the crawler decides."""

    combine_schemas: bool = False
    table_level: int = 0
    inherit_from_table: bool = False
    merge_new_columns: bool = False
    table_threshold: int | None = None
    partition_index: bool = False


def parse_configuration(text: str | None) -> Configuration:
    """Return the options in a Configuration, the defaults for None; raises Invalid."""
    if not text:
        return Configuration()
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid(f"Crawler configuration is not valid JSON: {text}") from None
    _object("", given)
    if given.get("Version") != 1.0:
        raise Invalid("Crawler configuration needs a Version, which must be 1.0.")
    grouping = _object("Grouping", given.get("Grouping", {}))
    output = _object("CrawlerOutput", given.get("CrawlerOutput", {}))
    partitions = _object("CrawlerOutput.Partitions", output.get("Partitions", {}))
    tables = _object("CrawlerOutput.Tables", output.get("Tables", {}))
    _one_of("TableGroupingPolicy", grouping, ("CombineCompatibleSchemas",))
    _one_of("AddOrUpdateBehavior", partitions, ("InheritFromTable",))
    _one_of("AddOrUpdateBehavior", tables, ("MergeNewColumns",))
    return Configuration(
        combine_schemas="TableGroupingPolicy" in grouping,
        table_level=_positive(grouping, "TableLevelConfiguration") or 0,
        inherit_from_table="AddOrUpdateBehavior" in partitions,
        merge_new_columns="AddOrUpdateBehavior" in tables,
        table_threshold=_positive(tables, "TableThreshold"),
        partition_index=given.get("CreatePartitionIndex") is True,
    )


def _object(path: str, given: Any) -> dict[str, Any]:
    name = path or "Crawler configuration"
    if not isinstance(given, dict):
        raise Invalid(f"{name} must be a JSON object.")
    for key in given:
        if key not in _KEYS[path]:
            raise Invalid(f"{name} has the unknown key {key}: use {', '.join(_KEYS[path])}.")
    return given


def _one_of(key: str, given: dict[str, Any], allowed: tuple[str, ...]) -> None:
    if given.get(key, allowed[0]) not in allowed:
        raise Invalid(f"Crawler configuration: {key} must be {' or '.join(allowed)}, not {given[key]}.")


def _positive(given: dict[str, Any], key: str) -> int | None:
    value = given.get(key)
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if not is_number or value != int(value) or value < 1:
        raise Invalid(f"Crawler configuration: {key} must be a positive integer, not {value}.")
    return int(value)
