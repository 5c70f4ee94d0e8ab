"""Column names in the form the catalog stores."""

from typing import Any


def with_lower_case_columns(given: dict[str, Any]) -> dict[str, Any]:
    """Return a table's or partition's definition with column and partition key names in lower case.

    AWS stores them in lower case: apache/flink-connector-aws#206, apache/iceberg#16853.
    """
    folded = dict(given)
    if "PartitionKeys" in given:
        folded["PartitionKeys"] = _folded(given["PartitionKeys"])
    descriptor = given.get("StorageDescriptor", {})
    if "Columns" in descriptor:
        folded["StorageDescriptor"] = {**descriptor, "Columns": _folded(descriptor["Columns"])}
    return folded


def _folded(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**column, "Name": column["Name"].lower()} for column in columns]
