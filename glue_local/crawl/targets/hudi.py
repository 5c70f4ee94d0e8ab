"""Apache Hudi tables: found by their folder .hoodie, with the schema of their latest commit."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.formats.avro import columns_of_fields
from glue_local.crawl.names import partition_value
from glue_local.crawl.targets.tables import Store, Table, columns_of, descriptor, find_folders, table_input
from glue_local.crawl.types import STRING, Columns, text

_FOLDER = ".hoodie/"
_PROPERTIES = "hoodie.properties"
_COMMITS = (".commit", ".deltacommit", ".replacecommit")
_META = (
    "_hoodie_commit_time",
    "_hoodie_commit_seqno",
    "_hoodie_record_key",
    "_hoodie_partition_path",
    "_hoodie_file_name",
)
_INPUT = "org.apache.hudi.hadoop.HoodieParquetInputFormat"
_REALTIME = "org.apache.hudi.hadoop.realtime.HoodieParquetRealtimeInputFormat"
_OUTPUT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
_SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"


def tables(store: Store, target: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the tables of a HudiTarget: of a merge-on-read table one with the suffix _ro and one with _rt.

    Raises CrawlFailed for a table whose schema cannot be read.
    """
    for bucket, folder in find_folders(
        store, target, lambda bucket, folder: _properties(store, bucket, folder) is not None
    ):
        properties = _properties(store, bucket, folder) or {}
        if properties.get("hoodie.table.type", "COPY_ON_WRITE") == "MERGE_ON_READ":
            yield _table(store, bucket, folder, properties, suffix="_ro", input_format=_INPUT)
            yield _table(store, bucket, folder, properties, suffix="_rt", input_format=_REALTIME)
        else:
            yield _table(store, bucket, folder, properties, suffix="", input_format=_INPUT)


def _table(
    store: Store, bucket: str, folder: str, properties: Mapping[str, str], *, suffix: str, input_format: str
) -> Table:
    commit, columns = _schema(store, bucket, folder, properties)
    keys = [each.partition(":")[0] for each in properties.get("hoodie.table.partition.fields", "").split(",") if each]
    found = {name.lower(): kind for name, kind in columns.items()}
    names = [key.lower() for key in keys]
    data = columns_of({name: kind for name, kind in found.items() if name not in names})
    location = f"s3://{bucket}/{folder}".rstrip("/")
    serde = {"hoodie.query.as.ro.table": str(suffix == "_ro").lower(), "path": location, "serialization.format": "1"}
    storage = {
        "InputFormat": input_format,
        "OutputFormat": _OUTPUT,
        "SerdeInfo": {"SerializationLibrary": _SERDE, "Parameters": serde},
    }
    made = table_input(
        f"{store.name(bucket, folder)}{suffix}",
        location,
        data,
        keys=[{"Name": name, "Type": text(found.get(name, STRING))} for name in names],
        parameters={"classification": "hudi", "spark.sql.sources.provider": "hudi", "last_commit_time_sync": commit},
        **storage,
    )
    partitions = [
        {
            "Values": [partition_value(name, value) for name, value in zip(names, values, strict=True)],
            "StorageDescriptor": descriptor(f"{location}/{'/'.join(values)}", data, **storage),
            "Parameters": {"classification": "hudi"},
        }
        for values in _partitions(store, bucket, folder, len(names))
    ]
    return Table(made, partitions)


def _properties(store: Store, bucket: str, folder: str) -> dict[str, str] | None:
    keys = [each["Key"] for each in store.objects(bucket, f"{folder}{_FOLDER}{_PROPERTIES}")]
    if not keys:
        return None
    lines = store.read(bucket, keys[0]).decode("utf-8", "replace").splitlines()
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    # Java escapes these in values of properties files.
    return {name.strip(): value.strip().replace("\\:", ":").replace("\\=", "=") for name, _, value in pairs}


def _schema(store: Store, bucket: str, folder: str, properties: Mapping[str, str]) -> tuple[str, Columns]:
    """Return the time of the last commit and the columns."""
    commits = [each["Key"] for each in store.objects(bucket, f"{folder}{_FOLDER}") if each["Key"].endswith(_COMMITS)]
    schema = properties.get("hoodie.table.create.schema", "")
    instant = ""
    for key in sorted(commits, key=lambda key: key.rpartition("/")[2], reverse=True):
        instant = instant or key.rpartition("/")[2].partition(".")[0]
        try:
            written = (json.loads(store.read(bucket, key)).get("extraMetadata") or {}).get("schema")
        except (ValueError, AttributeError):
            written = None
        if written:
            schema = written
            break
    try:
        columns = columns_of_fields(json.loads(schema)["fields"])
    except (ValueError, KeyError, TypeError):
        raise CrawlFailed(
            f"The Hudi table s3://{bucket}/{folder} has no commit with a schema that glue-local can read: it reads the"
            " timelines of Hudi 0.x, as AWS's crawlers do."
        ) from None
    has_meta = properties.get("hoodie.populate.meta.fields", "true") == "true"
    meta: Columns = dict.fromkeys(_META if has_meta else (), STRING)
    return instant, {**meta, **columns}


def _partitions(store: Store, bucket: str, folder: str, depth: int) -> list[tuple[str, ...]]:
    """Return the names of the folders of each partition."""
    level: list[tuple[str, ...]] = [()]
    for _ in range(depth):
        level = [
            (*values, child[len(prefix) :].rstrip("/"))
            for values in level
            for prefix in ["".join([folder, *(f"{value}/" for value in values)])]
            for child in store.children(bucket, prefix)
            if not child[len(prefix) :].startswith(".")
        ]
    return level if depth else []
