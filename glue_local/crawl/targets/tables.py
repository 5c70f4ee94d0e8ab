"""Tables that a target has, and the folders in S3 where they are found."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from glue_local.crawl.exclusions import matcher
from glue_local.crawl.names import table_name
from glue_local.crawl.types import Columns, text

DEFAULT_DEPTH = 10
"""The levels of folders that a crawler of Iceberg and Hudi tables searches, unless its target says otherwise."""


@dataclass(frozen=True)
class Table:
    """A table as TableInput, with its partitions as PartitionInput."""

    input: dict[str, Any]
    partitions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Store:
    """Where a crawl reads tables: a client of S3, the TablePrefix, and a function that raises if the crawl must end."""

    s3: Any
    prefix: str
    check: Callable[[], None]

    def name(self, bucket: str, folder: str) -> str:
        """Return the name of the table in a folder."""
        return table_name(self.prefix, bucket, folder)

    def children(self, bucket: str, folder: str) -> list[str]:
        """Return the prefixes of the folders in a folder."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder, Delimiter="/")
        found = []
        for page in pages:
            self.check()
            found += [each["Prefix"] for each in page.get("CommonPrefixes", [])]
        return found

    def objects(self, bucket: str, folder: str) -> Iterator[dict[str, Any]]:
        """Yield the objects directly in a folder, as ListObjectsV2 returns them."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder, Delimiter="/")
        for page in pages:
            self.check()
            yield from page.get("Contents", [])

    def read(self, bucket: str, key: str) -> bytes:
        """Return the content of an object."""
        self.check()
        return bytes(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def folder_of(path: str) -> tuple[str, str]:
    """Return the bucket and the key prefix of a folder, which ends with ``/`` or is empty."""
    bucket = urlsplit(path, allow_fragments=False).netloc
    prefix = path.removeprefix(f"s3://{bucket}").strip("/")
    return bucket, f"{prefix}/" if prefix else ""


def find_folders(
    store: Store, target: Mapping[str, Any], is_table: Callable[[str, str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield the bucket and the prefix of each table below the Paths of a target; there are no tables within tables.

    https://docs.aws.amazon.com/glue/latest/webapi/API_IcebergTarget.html
    """
    excluded = matcher(target.get("Exclusions", []))
    for path in target.get("Paths", []):
        bucket, top = folder_of(path)
        level = [top]
        for _ in range(target.get("MaximumTraversalDepth") or DEFAULT_DEPTH):
            below: list[str] = []
            for folder in level:
                relative = folder[len(top) :]
                if excluded(relative) or excluded(relative.rstrip("/")):
                    continue
                if is_table(bucket, folder):
                    yield bucket, folder
                else:
                    below += store.children(bucket, folder)
            level = below


def columns_of(columns: Columns) -> list[dict[str, Any]]:
    """Return columns as a StorageDescriptor has them."""
    return [{"Name": name.lower(), "Type": text(kind)} for name, kind in columns.items()]


def table_input(
    name: str,
    location: str,
    columns: list[dict[str, Any]],
    *,
    parameters: dict[str, str],
    keys: Sequence[dict[str, Any]] = (),
    **storage: Any,
) -> dict[str, Any]:
    """Return the TableInput of an external table; ``storage`` has further members of its StorageDescriptor."""
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "TableType": "EXTERNAL_TABLE",
        "PartitionKeys": list(keys),
        "StorageDescriptor": descriptor(location, columns, **storage),
        "Parameters": parameters,
    }


def descriptor(location: str, columns: list[dict[str, Any]], **storage: Any) -> dict[str, Any]:
    """Return a StorageDescriptor; ``storage`` has further members of it."""
    return {
        "Columns": columns,
        "Location": location,
        "Compressed": False,
        "NumberOfBuckets": -1,
        "BucketColumns": [],
        "SortColumns": [],
        "StoredAsSubDirectories": False,
        **storage,
    }
