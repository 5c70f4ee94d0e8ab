"""The TableInput and PartitionInput of what a crawl has found, as AWS's crawlers write them."""

from dataclasses import dataclass
from typing import Any

from glue_local.crawl.formats import Found
from glue_local.crawl.grouping import Group, Leaf
from glue_local.crawl.names import partition_keys, partition_value
from glue_local.crawl.types import text

UPDATED_BY = "UPDATED_BY_CRAWLER"
DEPRECATED_BY = "DEPRECATED_BY_CRAWLER"
_TEXT = ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")


@dataclass(frozen=True)
class _Storage:
    library: str
    input: str
    output: str


_STORAGE = {
    "json": _Storage("org.openx.data.jsonserde.JsonSerDe", *_TEXT),
    "csv": _Storage("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", *_TEXT),
    "opencsv": _Storage("org.apache.hadoop.hive.serde2.OpenCSVSerde", *_TEXT),
    "grok": _Storage("com.amazonaws.glue.serde.GrokSerDe", *_TEXT),
    "parquet": _Storage(
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    ),
    "orc": _Storage(
        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    ),
    "avro": _Storage(
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
    ),
}


def table_input(name: str, bucket: str, group: Group) -> dict[str, Any]:
    """Return the TableInput of a table."""
    found = group.found
    count, size = sum(leaf.count for leaf in group.leaves), sum(leaf.size for leaf in group.leaves)
    parameters = _parameters(found, count, size)
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in keys_of(group)],
        "StorageDescriptor": _descriptor(f"s3://{bucket}/{group.root}", found, parameters),
        "Parameters": parameters,
    }


def partition_input(bucket: str, keys: list[str], leaf: Leaf) -> dict[str, Any]:
    """Return the PartitionInput of a leaf."""
    parameters = _parameters(leaf.found, leaf.count, leaf.size)
    return {
        "Values": [partition_value(key, folder) for key, folder in zip(keys, leaf.values, strict=True)],
        "StorageDescriptor": _descriptor(f"s3://{bucket}/{leaf.path}", leaf.found, parameters),
        "Parameters": parameters,
    }


def keys_of(group: Group) -> list[str]:
    """Return the names of a table's partition keys."""
    return partition_keys([leaf.values for leaf in group.leaves])


def _parameters(found: Found, count: int, size: int) -> dict[str, str]:
    return {
        "CrawlerSchemaSerializerVersion": "1.0",
        "CrawlerSchemaDeserializerVersion": "1.0",
        "classification": found.classification,
        "compressionType": found.compression,
        "typeOfData": "file",
        "objectCount": str(count),
        "sizeKey": str(size),
        "recordCount": str(round(found.records)),
        "averageRecordSize": str(int(found.record_size)),
        **found.parameters,
    }


def _descriptor(location: str, found: Found, parameters: dict[str, str]) -> dict[str, Any]:
    storage = _STORAGE.get(found.storage or found.classification)
    formats = {"InputFormat": storage.input, "OutputFormat": storage.output} if storage else {}
    library = {"SerializationLibrary": storage.library} if storage else {}
    # XML has no SerDe, but the parameter rowTag.
    serde = {**library, "Parameters": dict(found.serde)} if library or found.serde else {}
    return {
        "Columns": [{"Name": name.lower(), "Type": text(kind)} for name, kind in found.columns.items()],
        "Location": location,
        **formats,
        "Compressed": found.compression != "none",
        "NumberOfBuckets": -1,
        "SerdeInfo": serde,
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": parameters,
        "StoredAsSubDirectories": False,
    }
