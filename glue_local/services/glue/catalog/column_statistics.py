"""Column statistics of tables and partitions, used by query planners."""

import base64
from decimal import Decimal
from typing import Any

from glue_local.core.faults import Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.glue.catalog.lookup import find_partition, find_table
from glue_local.services.glue.fault_codes import error_detail
from glue_local.store import Document, kinds

_DATA = "ColumnStatisticsData"
_EXTREMES = ("MinimumValue", "MaximumValue")


def update_column_statistics_for_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateColumnStatisticsForTable: replace the statistics of up to 25 columns.

    Returns {Errors} for the refused ones. Errors: EntityNotFoundException.
    """
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    return _update(ctx, request, kinds.TABLE_STATISTICS, _key(table), _columns(table))


def update_column_statistics_for_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateColumnStatisticsForPartition: as for a table. Errors: EntityNotFoundException (the partition too)."""
    table, partition = _partition(ctx, request)
    columns = _columns(table) | _columns(partition)
    return _update(ctx, request, kinds.PARTITION_STATISTICS, (*_key(table), *partition["Values"]), columns)


def get_column_statistics_for_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetColumnStatisticsForTable: return {ColumnStatisticsList, Errors}; Errors names columns without statistics."""
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    return _read(ctx, request, kinds.TABLE_STATISTICS, _key(table))


def get_column_statistics_for_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetColumnStatisticsForPartition: as for a table. Errors: EntityNotFoundException (the partition too)."""
    table, partition = _partition(ctx, request)
    return _read(ctx, request, kinds.PARTITION_STATISTICS, (*_key(table), *partition["Values"]))


def delete_column_statistics_for_table(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteColumnStatisticsForTable: succeeds if the column has none. Errors: EntityNotFoundException."""
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    ctx.documents.remove(kinds.TABLE_STATISTICS, *_key(table), request["ColumnName"].lower())
    return {}


def delete_column_statistics_for_partition(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteColumnStatisticsForPartition: succeeds if the column has none. Errors: EntityNotFoundException."""
    table, partition = _partition(ctx, request)
    key = (*_key(table), *partition["Values"], request["ColumnName"].lower())
    ctx.documents.remove(kinds.PARTITION_STATISTICS, *key)
    return {}


def _partition(ctx: Context, request: dict[str, Any]) -> tuple[Document, Document]:
    table = find_table(ctx, request["DatabaseName"], request["TableName"])
    return table, find_partition(ctx, table, request["PartitionValues"])


def _key(table: Document) -> tuple[str, str]:
    return table["DatabaseName"], table["Name"]


def _columns(described: Document) -> set[str]:
    columns = described.get("StorageDescriptor", {}).get("Columns", [])
    return {column["Name"].lower() for column in [*columns, *described.get("PartitionKeys", [])]}


def _update(
    ctx: Context, request: dict[str, Any], kind: str, key: tuple[str, ...], columns: set[str]
) -> dict[str, Any]:
    errors = []
    with ctx.documents.transaction():
        for given in request["ColumnStatisticsList"]:
            statistics = _stored(given)
            try:
                _check(given, columns)
            except (Invalid, Missing) as fault:
                errors.append({"ColumnStatistics": statistics, "Error": error_detail(fault)})
            else:
                ctx.documents.write(kind, *key, statistics["ColumnName"], doc=statistics)
    return {"Errors": errors}


def _read(ctx: Context, request: dict[str, Any], kind: str, key: tuple[str, ...]) -> dict[str, Any]:
    found, errors = [], []
    for name in request["ColumnNames"]:
        statistics = ctx.documents.read(kind, *key, name.lower())
        if statistics is None:
            fault = Missing(f"Column statistics for column {name} not found.")
            errors.append({"ColumnName": name, "Error": error_detail(fault)})
        else:
            found.append(statistics)
    return {"ColumnStatisticsList": found, "Errors": errors}


def _stored(given: dict[str, Any]) -> Document:
    data = {name: _wire_form(member) for name, member in given["StatisticsData"].items()}
    return {**given, "ColumnName": given["ColumnName"].lower(), "StatisticsData": data}


def _wire_form(value: Any) -> Any:
    # Documents are JSON: a blob is stored in its wire form.
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: _wire_form(member) for name, member in value.items()}
    return value


def _check(given: dict[str, Any], columns: set[str]) -> None:
    name, data = given["ColumnName"], given["StatisticsData"]
    if name.lower() not in columns:
        raise Missing(f"Column {name} not found.")
    wanted = f"{data['Type'].capitalize()}{_DATA}"
    brought = sorted(member for member in data if member != "Type")
    if brought != [wanted]:
        raise Invalid(f"Column {name} has statistics of type {data['Type']}: give {wanted} and no other member.")
    values = data[wanted]
    least, most = (_number(values[member]) if member in values else None for member in _EXTREMES)
    if least is not None and most is not None and least > most:
        raise Invalid(f"Column {name}: MinimumValue must not be greater than MaximumValue.")
    if values.get("AverageLength", 0) > values.get("MaximumLength", values.get("AverageLength", 0)):
        raise Invalid(f"Column {name}: AverageLength must not be greater than MaximumLength.")


def _number(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Decimal(int.from_bytes(value["UnscaledValue"], "big", signed=True)).scaleb(-value["Scale"])
