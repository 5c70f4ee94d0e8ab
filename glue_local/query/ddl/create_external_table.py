"""CREATE EXTERNAL TABLE: https://docs.aws.amazon.com/athena/latest/ug/create-table.html"""

from typing import Any

from botocore.exceptions import ClientError

from glue_local.query.description import results
from glue_local.query.failure import QueryFailed
from glue_local.query.hive import failures, storage, table_definition
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.table_definition import Definition
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, s3_objects

OPENING = "CREATE EXTERNAL TABLE"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    definition = table_definition.read(cursor)
    database, name = glue_catalog.place(definition.name, session)
    glue_catalog.check_database(database, session)
    _check(definition)
    try:
        session.glue.create_table(DatabaseName=database, TableInput=_table_input(name, definition, session))
    except ClientError as error:
        if glue_catalog.code(error) != "AlreadyExistsException":
            raise glue_catalog.refused(error) from None
        if not definition.if_not_exists:
            raise already_exists(name) from None
    return results.done("CREATE_TABLE")


def already_exists(name: str) -> QueryFailed:
    return failures.execution(f"AlreadyExistsException(message:Table {name} already exists)")


def _check(definition: Definition) -> None:
    kind = definition.properties.get("table_type", "").upper()
    if kind == "ICEBERG":
        raise failures.semantic("External keyword not supported for table type ICEBERG")
    if kind:
        raise failures.not_implemented("CREATE EXTERNAL TABLE", f"tables of type {kind} are not emulated")
    if definition.partition_terms:
        raise failures.semantic("PARTITIONED BY needs a type for each column of an external table")
    names = {column["Name"] for column in definition.columns}
    for key in definition.partition_columns:
        if key["Name"] in names:
            raise failures.semantic("Column repeated in partitioning columns", 10035)
    for column in definition.bucket_columns:
        if column not in names:
            raise failures.semantic(f"Invalid column reference {column}", 10002)
    if not definition.location:
        raise failures.semantic("An external table needs a location: add LOCATION 's3://bucket/folder/'")
    s3_objects.split(definition.location)


def _table_input(name: str, definition: Definition, session: Session) -> dict[str, Any]:
    parameters = {"EXTERNAL": "TRUE", "transient_lastDdlTime": str(int(session.now)), **definition.properties}
    if definition.comment is not None:
        parameters["comment"] = definition.comment
    described = {} if definition.comment is None else {"Description": definition.comment}
    return {
        "Name": name,
        **described,
        "Owner": "hadoop",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": definition.partition_columns,
        "StorageDescriptor": _storage(definition),
    }


def _storage(definition: Definition) -> dict[str, Any]:
    row_format = definition.row_format or storage.RowFormat()
    files = definition.stored_as or storage.FORMATS["TEXTFILE"]
    return {
        "Columns": definition.columns,
        "Location": definition.location,
        "InputFormat": files.input,
        "OutputFormat": files.output,
        "Compressed": False,
        "NumberOfBuckets": definition.buckets,
        "SerdeInfo": {
            "SerializationLibrary": _serde(row_format.serde, files),
            "Parameters": {"serialization.format": "1", **row_format.properties},
        },
        "BucketColumns": definition.bucket_columns,
        "SortColumns": definition.sort_columns,
        "StoredAsSubDirectories": False,
    }


def _serde(named: str, files: storage.Format) -> str:
    # ROW FORMAT DELIMITED with STORED AS PARQUET does not determine the SerDe.
    if named and (named != storage.LAZY_SIMPLE or not files.serde):
        return named
    return files.serde or storage.LAZY_SIMPLE
