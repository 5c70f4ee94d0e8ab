"""The detailed part of DESCRIBE FORMATTED and DESCRIBE EXTENDED."""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from glue_local.query.description import layout
from glue_local.query.description.layout import Line
from glue_local.query.stored import glue_catalog


def formatted(table: glue_catalog.Table, partition: dict[str, Any] | None) -> Iterator[Line]:
    """Yield the sections in Hive's order."""
    yield layout.BLANK
    yield from _partition(table, partition) if partition else _table(table)
    yield layout.BLANK
    yield layout.heading("Storage Information")
    files = glue_catalog.files(partition or table)
    serde = files.get("SerdeInfo", {})
    yield layout.pair("SerDe Library:", str(serde.get("SerializationLibrary", "null")))
    yield layout.pair("InputFormat:", str(files.get("InputFormat", "null")))
    yield layout.pair("OutputFormat:", str(files.get("OutputFormat", "null")))
    yield layout.pair("Compressed:", "Yes" if files.get("Compressed") else "No")
    yield layout.pair("Num Buckets:", str(files.get("NumberOfBuckets", -1)))
    yield layout.pair("Bucket Columns:", _names(files.get("BucketColumns", [])))
    yield layout.pair("Sort Columns:", _names([each["Column"] for each in files.get("SortColumns", [])]))
    if serde.get("Parameters"):
        yield ("Storage Desc Params:", None, None)
        yield from _listed(serde["Parameters"])


def _table(table: glue_catalog.Table) -> Iterator[Line]:
    yield layout.heading("Detailed Table Information")
    yield layout.pair("Database:", table["DatabaseName"])
    yield layout.pair("Owner:", table.get("Owner", "hadoop"))
    yield layout.pair("CreateTime:", _time(table.get("CreateTime")))
    yield layout.pair("LastAccessTime:", "UNKNOWN")
    yield layout.pair("Protect Mode:", "None")
    yield layout.pair("Retention:", str(table.get("Retention", 0)))
    yield layout.pair("Location:", glue_catalog.location(table))
    yield layout.pair("Table Type:", str(table.get("TableType", "")))
    yield ("Table Parameters:", None, None)
    yield from _listed(table.get("Parameters", {}))


def _partition(table: glue_catalog.Table, partition: dict[str, Any]) -> Iterator[Line]:
    yield layout.heading("Detailed Partition Information")
    yield layout.pair("Partition Value:", _names(partition["Values"]))
    yield layout.pair("Database:", table["DatabaseName"])
    yield layout.pair("Table:", table["Name"])
    yield layout.pair("CreateTime:", _time(partition.get("CreationTime")))
    yield layout.pair("LastAccessTime:", "UNKNOWN")
    yield layout.pair("Location:", glue_catalog.location(partition))
    if partition.get("Parameters"):
        yield ("Partition Parameters:", None, None)
        yield from _listed(partition["Parameters"])


def extended(table: glue_catalog.Table, partition: dict[str, Any] | None) -> Line:
    """Return the definition in one line, in Thrift's format."""
    shown = glue_catalog.files(partition or table)
    files = _storage(shown)
    if partition:
        values = f"values:{_names(partition['Values'])}, dbName:{table['DatabaseName']}, tableName:{table['Name']}"
        made = f"createTime:{_seconds(partition.get('CreationTime'))}, lastAccessTime:0"
        text = f"Partition({values}, {made}, sd:{files}, parameters:{_map(partition.get('Parameters', {}))})"
        return ("Detailed Partition Information", text, "")
    made = f"createTime:{_seconds(table.get('CreateTime'))}, lastAccessTime:0, retention:{table.get('Retention', 0)}"
    keys = f"partitionKeys:{_schemas(table.get('PartitionKeys', []))}, parameters:{_map(table.get('Parameters', {}))}"
    text = (
        f"Table(tableName:{table['Name']}, dbName:{table['DatabaseName']}, owner:{table.get('Owner', 'hadoop')}, {made}, "
        f"sd:{files}, {keys}, viewOriginalText:{table.get('ViewOriginalText', 'null')}, "
        f"viewExpandedText:{table.get('ViewExpandedText', 'null')}, tableType:{table.get('TableType')})"
    )
    return ("Detailed Table Information", text, "")


def _storage(files: dict[str, Any]) -> str:
    serde = files.get("SerdeInfo", {})
    library, parameters = serde.get("SerializationLibrary", "null"), _map(serde.get("Parameters", {}))
    return (
        f"StorageDescriptor(cols:{_schemas(files.get('Columns', []))}, location:{files.get('Location', 'null')}, "
        f"inputFormat:{files.get('InputFormat', 'null')}, outputFormat:{files.get('OutputFormat', 'null')}, "
        f"compressed:{str(files.get('Compressed', False)).lower()}, numBuckets:{files.get('NumberOfBuckets', -1)}, "
        f"serdeInfo:SerDeInfo(name:null, serializationLib:{library}, parameters:{parameters}), "
        f"bucketCols:{_names(files.get('BucketColumns', []))}, "
        f"sortCols:{_names([each['Column'] for each in files.get('SortColumns', [])])}, parameters:{{}}, "
        "skewedInfo:SkewedInfo(skewedColNames:[], skewedColValues:[], skewedColValueLocationMaps:{}), "
        "storedAsSubDirectories:false)"
    )


def _schemas(columns: list[dict[str, Any]]) -> str:
    return _names(
        [
            f"FieldSchema(name:{column['Name']}, type:{column['Type']}, comment:{column.get('Comment', 'null')})"
            for column in columns
        ]
    )


def _listed(parameters: dict[str, str]) -> Iterator[Line]:
    return (layout.inner(name, str(parameters[name])) for name in sorted(parameters))


def _map(parameters: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in parameters.items()) + "}"


def _names(names: list[str]) -> str:
    return f"[{', '.join(names)}]"


def _time(at: datetime | None) -> str:
    return "UNKNOWN" if at is None else at.astimezone(timezone.utc).strftime("%a %b %d %H:%M:%S UTC %Y")


def _seconds(at: datetime | None) -> int:
    return 0 if at is None else int(at.timestamp())
