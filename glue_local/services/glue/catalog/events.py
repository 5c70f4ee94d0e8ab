"""The events "Glue Data Catalog Database State Change" and "… Table State Change".

Databases have them for CreateDatabase, DeleteDatabase, CreateTable, DeleteTable and BatchDeleteTable; tables for UpdateTable
and for changes of partitions. https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from glue_local.core import arns
from glue_local.outbox import emit
from glue_local.services.context import Context

_MOST = 100
"""The maximum number of tables or partitions that AWS lists in one event."""

Request = dict[str, Any]
Changed = Callable[[Request, Mapping[str, Any]], Iterable[str]]


def emit_changes(ctx: Context, operation: str, request: Request, response: Mapping[str, Any]) -> None:
    """Emit the events of a successful operation on the Data Catalog, if AWS has any for it."""
    if operation in _TABLES:
        _database_changed(ctx, operation, request, list(_TABLES[operation](request, response)))
    elif operation in _PARTITIONS:
        _table_changed(ctx, operation, request, list(_PARTITIONS[operation](request, response)))


def _database_changed(ctx: Context, operation: str, request: Request, tables: list[str]) -> None:
    database = _database(request)
    if operation == "BatchDeleteTable" and not tables:
        return
    resources = [arns.table(ctx.region, ctx.account, database, table) for table in tables]
    for start in range(0, max(len(tables), 1), _MOST):
        some = slice(start, start + _MOST)
        detail = {"databaseName": database, "typeOfChange": operation, "changedTables": tables[some]}
        named = resources[some] or [arns.database(ctx.region, ctx.account, database)]
        emit(ctx.documents, ctx.ids, ctx.now, "Glue Data Catalog Database State Change", detail, named)


def _table_changed(ctx: Context, operation: str, request: Request, partitions: list[str]) -> None:
    if operation.startswith("Batch") and not partitions:
        return
    database, table = _database(request), _table(request)
    for start in range(0, max(len(partitions), 1), _MOST):
        detail = {
            "databaseName": database,
            "changedPartitions": partitions[start : start + _MOST],
            "typeOfChange": operation,
            "tableName": table,
        }
        resources = [arns.table(ctx.region, ctx.account, database, table)]
        emit(ctx.documents, ctx.ids, ctx.now, "Glue Data Catalog Table State Change", detail, resources)


def _database(request: Request) -> str:
    given = request.get("DatabaseName") or request.get("Name") or request["DatabaseInput"]["Name"]
    return str(given).lower()


def _table(request: Request) -> str:
    given = request.get("TableName") or request.get("Name") or request["TableInput"]["Name"]
    return str(given).lower()


def _text(values: Iterable[str]) -> str:
    return f"[{', '.join(values)}]"


def _without_failed(wanted: Iterable[list[str]], response: Mapping[str, Any], member: str) -> list[str]:
    failed = [error[member] for error in response["Errors"]]
    return [_text(values) for values in wanted if values not in failed]


def _deleted_tables(request: Request, response: Mapping[str, Any]) -> list[str]:
    failed = {error["TableName"] for error in response["Errors"]}
    return [name.lower() for name in request["TablesToDelete"] if name not in failed]


def _created(request: Request, response: Mapping[str, Any]) -> list[str]:
    wanted = [given.get("Values", []) for given in request["PartitionInputList"]]
    return _without_failed(wanted, response, "PartitionValues")


def _updated(request: Request, response: Mapping[str, Any]) -> list[str]:
    wanted = [entry["PartitionValueList"] for entry in request["Entries"]]
    return _without_failed(wanted, response, "PartitionValueList")


def _deleted(request: Request, response: Mapping[str, Any]) -> list[str]:
    wanted = [given["Values"] for given in request["PartitionsToDelete"]]
    return _without_failed(wanted, response, "PartitionValues")


_TABLES: dict[str, Changed] = {
    "CreateDatabase": lambda request, response: [],
    "DeleteDatabase": lambda request, response: [],
    "CreateTable": lambda request, response: [_table(request)],
    "DeleteTable": lambda request, response: [_table(request)],
    "BatchDeleteTable": _deleted_tables,
}
_PARTITIONS: dict[str, Changed] = {
    "UpdateTable": lambda request, response: [],
    "CreatePartition": lambda request, response: [_text(request["PartitionInput"].get("Values", []))],
    "UpdatePartition": lambda request, response: [_text(request["PartitionValueList"])],
    "DeletePartition": lambda request, response: [_text(request["PartitionValues"])],
    "BatchCreatePartition": _created,
    "BatchUpdatePartition": _updated,
    "BatchDeletePartition": _deleted,
}
