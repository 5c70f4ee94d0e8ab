"""Read the rows of a table from its files in S3, in the format that the Data Catalog gives it."""

from collections.abc import Iterator, Mapping
from typing import Any

from glue_local.cli.look.file_formats import READERS
from glue_local.cli.look.objects import bucket_exists
from glue_local.cli.shared.error_messages import CommandError
from glue_local.crawl.objects import S3Object

Row = dict[str, Any]

# How a SerDe or an input format names the format, if the parameter `classification` is missing.
_BY_CLASS = {
    "parquet": "parquet",
    "orc": "orc",
    "avro": "avro",
    "json": "json",
    "opencsv": "csv",
    "lazysimple": "csv",
}


def rows_of(table: Mapping[str, Any], glue: Any, s3: Any) -> Iterator[Row]:
    """Yield the rows of a table, partition by partition, with the partition keys as last columns.

    Raises CommandError for a table that is not made of files, or whose format is not supported.
    """
    name = f"{table['DatabaseName']}.{table['Name']}"
    kind = _format(table, name)
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    for descriptor, values in _parts(table, glue):
        found = dict(zip(keys, values, strict=True))
        for file in _files(s3, descriptor.get("Location", ""), name):
            try:
                for row in READERS[kind](s3, file, {**table, "StorageDescriptor": descriptor}):
                    yield {**row, **found}
            except (ValueError, OSError, EOFError) as error:
                reason = " ".join(str(error).split())
                raise CommandError(f"cannot read s3://{file[0]}/{file[1].key} as {kind}, the format of {name}: {reason}") from None  # fmt: skip


def _format(table: Mapping[str, Any], name: str) -> str:
    parameters = table.get("Parameters", {})
    if table.get("TableType") == "VIRTUAL_VIEW" or parameters.get("table_type", "").upper() in ("ICEBERG", "DELTA"):
        raise CommandError(
            f"{name} is not a table of plain files: query it with `glue-local sql 'select * from {name}'`"
        )
    descriptor = table.get("StorageDescriptor", {})
    library = descriptor.get("SerdeInfo", {}).get("SerializationLibrary", "") + descriptor.get("InputFormat", "")
    by_class = next((kind for part, kind in _BY_CLASS.items() if part in library.lower()), "")
    kind: str = by_class or parameters.get("classification", "").lower()
    if kind not in READERS:
        raise CommandError(
            f"{name} has the format {kind or library or '(none)'}, and head reads {', '.join(READERS)}: "
            f"query it with `glue-local sql 'select * from {name}'`"
        )
    return kind


def _parts(table: Mapping[str, Any], glue: Any) -> Iterator[tuple[dict[str, Any], list[str]]]:
    if not table.get("PartitionKeys"):
        yield table["StorageDescriptor"], []
        return
    pages = glue.get_paginator("get_partitions").paginate(DatabaseName=table["DatabaseName"], TableName=table["Name"])
    for partition in (each for page in pages for each in page["Partitions"]):
        own = {key: value for key, value in partition["StorageDescriptor"].items() if value}
        yield {**table["StorageDescriptor"], **own}, partition["Values"]


def _files(s3: Any, location: str, name: str) -> Iterator[tuple[str, S3Object]]:
    if not location.startswith("s3://"):
        raise CommandError(f"{name} has the location {location or '(none)'}, and head reads s3:// only")
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    with bucket_exists(s3, bucket):
        pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix))
    for item in (each for page in pages for each in page.get("Contents", [])):
        # A location without a slash at its end is also a prefix of its neighbours: orders of orders_old.
        beside = not prefix.endswith("/") and item["Key"] != prefix and not item["Key"].startswith(f"{prefix}/")
        hidden = item["Key"].rpartition("/")[2].startswith(("_", "."))  # as in Hive
        if item["Size"] and not hidden and not (prefix and beside):
            yield bucket, S3Object(item["Key"], item["Size"])
