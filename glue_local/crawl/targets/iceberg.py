"""Apache Iceberg tables: found by their metadata folder, and registered with their latest metadata file."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.targets.tables import Store, Table, find_folders, table_input
from glue_local.crawl.types import MAP, Type, text

_FOLDER = "metadata/"
_HINT = "version-hint.text"
# 00003-<uuid>.metadata.json of catalogs, v3.metadata.json of Hadoop's.
_FILE = re.compile(r"v?(?P<version>\d+)(?:-[^/]*)?(?:\.gz)?\.metadata\.json(?:\.gz)?")
# The types of Iceberg's own GlueCatalog.
_NAMES = {
    "boolean": "boolean",
    "int": "int",
    "long": "bigint",
    "float": "float",
    "double": "double",
    "date": "date",
    "time": "string",
    "timestamp": "timestamp",
    "timestamptz": "timestamp",
    "string": "string",
    "uuid": "string",
    "binary": "binary",
}


def tables(store: Store, target: Mapping[str, Any]) -> Iterator[Table]:
    """Yield the tables of an IcebergTarget. Raises CrawlFailed for metadata that cannot be read."""
    for bucket, folder in find_folders(
        store, target, lambda bucket, folder: _latest(store, bucket, folder) is not None
    ):
        key = _latest(store, bucket, folder)
        location = f"s3://{bucket}/{key}"
        try:
            data = store.read(bucket, str(key))
            metadata = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
            columns = [_column(each) for each in _schema(metadata)["fields"]]
        except (ValueError, KeyError, TypeError, StopIteration, OSError) as error:
            raise CrawlFailed(f"The Iceberg metadata file {location} cannot be read: {error!r}") from None
        parameters = {"table_type": "ICEBERG", "metadata_location": location}
        # As the metadata has it, because Iceberg compares it.
        root = metadata.get("location", f"s3://{bucket}/{folder}")
        yield Table(table_input(store.name(bucket, folder), root, columns, parameters=parameters))


def _latest(store: Store, bucket: str, folder: str) -> str | None:
    """Return the key of the latest metadata file of a table, None if the folder is no table."""
    found: dict[str, tuple[int, Any]] = {}
    hint = None
    for each in store.objects(bucket, f"{folder}{_FOLDER}"):
        name = each["Key"].rpartition("/")[2]
        if name == _HINT:
            hint = store.read(bucket, each["Key"]).decode("utf-8", "replace").strip()
        elif matched := _FILE.fullmatch(name):
            found[each["Key"]] = (int(matched["version"]), each["LastModified"])
    hinted = [key for key, (version, _) in found.items() if str(version) == hint]
    return max(hinted or found, key=lambda key: found[key], default=None)


def _schema(metadata: dict[str, Any]) -> dict[str, Any]:
    if "schemas" not in metadata:  # format version 1
        return dict(metadata["schema"])
    current = metadata["current-schema-id"]
    return next(schema for schema in metadata["schemas"] if schema["schema-id"] == current)


def _column(field: dict[str, Any]) -> dict[str, Any]:
    parameters = {
        "iceberg.field.current": "true",
        "iceberg.field.id": str(field["id"]),
        "iceberg.field.optional": str(not field["required"]).lower(),
    }
    comment = {"Comment": field["doc"]} if field.get("doc") else {}
    return {"Name": field["name"].lower(), "Type": text(_type(field["type"])), **comment, "Parameters": parameters}


def _type(kind: Any) -> Type:
    if isinstance(kind, str):
        if kind.startswith("fixed"):
            return "binary"
        return kind.replace(" ", "") if kind.startswith("decimal") else _NAMES.get(kind, "string")
    if kind["type"] == "list":
        return ("array", _type(kind["element"]))
    if kind["type"] == "map":
        return (f"{MAP}{text(_type(kind['key']))}", _type(kind["value"]))
    return ("struct", {field["name"]: _type(field["type"]) for field in kind["fields"]})
