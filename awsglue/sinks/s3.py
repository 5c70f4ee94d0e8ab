"""Write files under a path, and update the catalog if requested."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..columns.schemas import storable
from ..data_catalog import catalog_tables
from ..options import check, strings, true
from ..sources import lakes
from ..sources.delimited import dialect
from ..sources.listing import list_files, without_slash
from ..sources.tables import format_of
from ..spark_io import WHOLE_BUCKET

HONOURED = (
    *("path", "partitionKeys", "compression", "compressionType", "enableUpdateCatalog", "updateBehavior"),
    "useFrameName",
)
_FORMATS = {
    "json": "json",
    "csv": "csv",
    "parquet": "parquet",
    "glueparquet": "parquet",
    "orc": "orc",
    "avro": "avro",
}
_READ_ONLY = ("xml", "groklog", "ion")
_CATALOG_FORMATS = ("json", "csv", "avro", "parquet")
_HIVE = "org.apache.hadoop.hive"
STORAGE = {
    "parquet": (
        f"{_HIVE}.ql.io.parquet.MapredParquetInputFormat",
        f"{_HIVE}.ql.io.parquet.MapredParquetOutputFormat",
        f"{_HIVE}.ql.io.parquet.serde.ParquetHiveSerDe",
    ),
    "orc": (
        f"{_HIVE}.ql.io.orc.OrcInputFormat",
        f"{_HIVE}.ql.io.orc.OrcOutputFormat",
        f"{_HIVE}.ql.io.orc.OrcSerde",
    ),
    "avro": (
        f"{_HIVE}.ql.io.avro.AvroContainerInputFormat",
        f"{_HIVE}.ql.io.avro.AvroContainerOutputFormat",
        f"{_HIVE}.serde2.avro.AvroSerDe",
    ),
    "json": (
        "org.apache.hadoop.mapred.TextInputFormat",
        f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat",
        "org.openx.data.jsonserde.JsonSerDe",
    ),
    "csv": (
        "org.apache.hadoop.mapred.TextInputFormat",
        f"{_HIVE}.ql.io.HiveIgnoreKeyTextOutputFormat",
        f"{_HIVE}.serde2.lazy.LazySimpleSerDe",
    ),
}


def write(
    frame: DataFrame, format: str | None, options: Mapping[str, Any], format_options: Mapping[str, Any]
) -> list[list[str]]:
    """Write ``frame`` as new files under ``options["path"]``; return the values of the partitions written to."""
    check("connection_options for s3", options, HONOURED)
    name = _format(format)
    if not options.get("path"):
        raise ValueError('connection_options for s3 must have "path"')
    path, keys = without_slash(options["path"]), strings(options.get("partitionKeys"))
    known = {file.path for file in list_files(path)} if true(options, "enableUpdateCatalog") else set()
    if frame.columns:
        writer = _storable(frame).write.mode("append").options(**_writer_options(name, options, format_options))
        if path.endswith("/"):
            writer = writer.options(**WHOLE_BUCKET)
        (writer.partitionBy(*keys) if keys else writer).format(name).save(path)
    if not true(options, "enableUpdateCatalog") or not keys:
        return []
    new = {file.path.rpartition("/")[0] for file in list_files(path) if file.path not in known}
    return sorted(_values(folder[len(path.rstrip("/")) + 1 :]) for folder in new)


def _storable(frame: DataFrame) -> DataFrame:
    """Return a frame that every format can store: columns of type null become strings."""
    kinds = {one.name: (one.dataType, storable(one.dataType)) for one in frame.schema.fields}
    if all(kind == kept for kind, kept in kinds.values()):
        return frame
    return frame.select(*(F.col(f"`{name}`").cast(kept).alias(name) for name, (_, kept) in kinds.items()))


def _format(format: str | None) -> str:
    if format and format.lower() in _READ_ONLY:
        raise ValueError(f"AWS Glue cannot write the format {format!r}, only read it")
    if not format or format.lower() not in _FORMATS:
        raise NotImplementedError(f"writing the format {format!r} is not emulated yet, use {', '.join(_FORMATS)}")
    return _FORMATS[format.lower()]


def _values(folder: str) -> list[str]:
    return [unquote(part.partition("=")[2]) for part in folder.split("/")]


def _writer_options(name: str, options: Mapping[str, Any], format_options: Mapping[str, Any]) -> dict[str, Any]:
    csv = ("separator", "quoteChar", "escaper", "writeHeader")
    check(name, format_options, ("compression", *(csv if name == "csv" else ())))
    chosen: dict[str, Any] = {}
    given = (format_options.get("compression"), options.get("compression"), options.get("compressionType"))
    compression = next((str(one) for one in given if one), None)
    if compression == "lzo":
        raise NotImplementedError("compression 'lzo' is not emulated: the license of its codec does not allow it")
    if compression:
        chosen["compression"] = compression
    if name == "csv":
        header = true(format_options, "writeHeader", True)
        chosen |= {**dialect(format_options), "header": header, "emptyValue": ""}
    return chosen


def write_table(
    frame: DataFrame, table: catalog_tables.Table, options: Mapping[str, Any], catalog_id: str | None
) -> None:
    """Append ``frame`` to a catalog table; new partitions are registered with enableUpdateCatalog."""
    lake = lakes.lake_format(table)
    if lake:
        lakes.write(frame, table, lake, options)
        return
    format, format_options = format_of(table)
    if format == "csv":
        header = {"writeHeader": format_options["skipFirst"]}
        format_options = {name: value for name, value in format_options.items() if name != "skipFirst"} | header
    placed = {
        "partitionKeys": catalog_tables.partition_keys(table),
        **options,
        "path": table["StorageDescriptor"]["Location"],
    }
    values = write(frame, format, placed, format_options)
    if true(options, "enableUpdateCatalog") and frame.columns:
        update_catalog(frame, (table["DatabaseName"], table["Name"], catalog_id or ""), format, placed, values)


def update_catalog(
    frame: DataFrame,
    target: tuple[str, str, str],
    format: str | None,
    options: Mapping[str, Any],
    partitions: Sequence[Sequence[str]],
) -> None:
    """Create or update the table ``(database, name, catalog id)`` for the written files, and add its partitions."""
    database, name, catalog_id = target
    if _format(format) not in _CATALOG_FORMATS:
        raise ValueError(f"enableUpdateCatalog: the format must be one of {', '.join(_CATALOG_FORMATS)}, not {format}")
    behavior = options.get("updateBehavior", "UPDATE_IN_DATABASE")
    if behavior not in ("UPDATE_IN_DATABASE", "LOG"):
        raise ValueError(f"updateBehavior must be UPDATE_IN_DATABASE or LOG, not {behavior!r}")
    described = table_input(frame, _format(format), options)
    table = catalog_tables.create_or_update(
        database, name, described, behavior == "UPDATE_IN_DATABASE", catalog_id or None
    )
    if partitions:
        catalog_tables.add_partitions(table, partitions, catalog_id or None)


def table_input(frame: DataFrame, format: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the TableInput (without Name) for the written files."""
    keys = strings(options.get("partitionKeys"))
    columns = {field.name: storable(field.dataType).simpleString() for field in frame.schema.fields}
    reads, writes, serde = STORAGE[format]
    return {
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": format},
        "PartitionKeys": [{"Name": key, "Type": columns[key]} for key in keys],
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items() if name not in keys],
            "Location": options["path"].rstrip("/") + "/",
            "InputFormat": reads,
            "OutputFormat": writes,
            "SerdeInfo": {"SerializationLibrary": serde, "Parameters": {}},
        },
    }
