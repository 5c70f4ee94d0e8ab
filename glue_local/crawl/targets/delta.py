"""Delta Lake tables: as native tables, or as tables of symlink manifests.

https://docs.aws.amazon.com/glue/latest/dg/crawler-delta-lake.html
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.targets.delta_log import Snapshot, read_log
from glue_local.crawl.targets.tables import Store, Table, columns_of, descriptor, folder_of, table_input

_MANIFESTS = "_symlink_format_manifest/"
_DEFAULT_PARTITION = "__HIVE_DEFAULT_PARTITION__"
# Characters that Hive escapes in the names of partition folders.
_ESCAPED = re.compile(r"[\x00-\x1f\"#%'*/:=?\\\x7f{\[\]^]")
_SYMLINK = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "SerdeInfo": {
        "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "Parameters": {"serialization.format": "1"},
    },
}


def tables(store: Store, target: Mapping[str, Any], log: Callable[[str], None]) -> Iterator[Table]:
    """Yield the tables of a DeltaTarget, and write their manifests if it asks for them. Raises CrawlFailed."""
    for path in target.get("DeltaTables", []):
        bucket, folder = folder_of(path)
        snapshot = read_log(store, bucket, folder)
        if snapshot is None:
            log(f"WARN : There is no Delta table at {path}: it has no _delta_log")
        elif target.get("CreateNativeDeltaTable"):
            yield _native(store, bucket, folder, snapshot)
        else:
            yield _symlinks(store, bucket, folder, snapshot, write=bool(target.get("WriteManifest")))


def _native(store: Store, bucket: str, folder: str, snapshot: Snapshot) -> Table:
    location = f"s3://{bucket}/{folder}"
    parameters = {
        "classification": "delta",
        "EXTERNAL": "TRUE",
        "spark.sql.sources.provider": "delta",
        "table_type": "delta",
        "delta.lastCommitTimestamp": str(snapshot.timestamp),
        "delta.lastUpdateVersion": str(snapshot.version),
    }
    serde = {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"serialization.format": "1", "path": location},
    }
    data, keys = _columns(snapshot)
    storage = {
        "InputFormat": "org.apache.hadoop.mapred.SequenceFileInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
        "SerdeInfo": serde,
    }
    return Table(table_input(store.name(bucket, folder), location, data, keys=keys, parameters=parameters, **storage))


def _symlinks(store: Store, bucket: str, folder: str, snapshot: Snapshot, *, write: bool) -> Table:
    by_folder: dict[str, list[str]] = {} if snapshot.keys else {"": []}
    values: dict[str, list[str]] = {}
    for path, given in snapshot.files.items():
        found = [given.get(key) for key in snapshot.keys]
        own = [_DEFAULT_PARTITION if value is None or value == "" else value for value in found]
        at = "".join(f"{key}={_escaped(value)}/" for key, value in zip(snapshot.keys, own, strict=True))
        values[at] = own
        by_folder.setdefault(at, []).append(path if "://" in path else f"s3://{bucket}/{folder}{path}")
    if write:
        _write(store, bucket, folder, snapshot, by_folder)
    location = f"s3://{bucket}/{folder}{_MANIFESTS}"
    data, keys = _columns(snapshot)
    parameters = {"classification": "parquet", "EXTERNAL": "TRUE"}
    partitions = [
        {
            "Values": own,
            "StorageDescriptor": descriptor(f"{location}{at}", data, **_SYMLINK),
            "Parameters": parameters,
        }
        for at, own in sorted(values.items())
        if snapshot.keys
    ]
    made = table_input(store.name(bucket, folder), location, data, keys=keys, parameters=parameters, **_SYMLINK)
    return Table(made, partitions)


def _write(store: Store, bucket: str, folder: str, snapshot: Snapshot, by_folder: Mapping[str, list[str]]) -> None:
    """Write a manifest for each partition, and delete those of partitions that no longer have files."""
    if snapshot.has_deletion_vectors:
        raise CrawlFailed(
            f"The Delta table s3://{bucket}/{folder} has deletion vectors, which manifests cannot express:"
            " use CreateNativeDeltaTable."
        )
    wanted = {f"{folder}{_MANIFESTS}{at}manifest": paths for at, paths in by_folder.items()}
    for key, paths in wanted.items():
        store.check()
        store.s3.put_object(Bucket=bucket, Key=key, Body="".join(f"{path}\n" for path in sorted(paths)).encode())
    for page in store.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{folder}{_MANIFESTS}"):
        for each in page.get("Contents", []):
            if each["Key"] not in wanted:
                store.s3.delete_object(Bucket=bucket, Key=each["Key"])


def _columns(snapshot: Snapshot) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the columns of the data, and the partition keys."""
    columns = snapshot.columns
    data = {name: kind for name, kind in columns.items() if name not in snapshot.keys}
    return columns_of(data), columns_of({name: columns[name] for name in snapshot.keys})


def _escaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", value)
