"""Read an Iceberg table's metadata file: properties and partitioning."""

import gzip
import json
import re
from dataclasses import dataclass
from typing import Any

from glue_local.query.hive import failures
from glue_local.query.session import Session
from glue_local.query.stored import glue_catalog

_SIZED = re.compile(r"(bucket|truncate)\[(\d+)\]")


@dataclass(frozen=True)
class Term:
    """One field of the partition spec: its name, its transform in Iceberg's spelling, its column."""

    name: str
    transform: str
    column: str

    @property
    def spelled(self) -> str:
        """Return Athena's spelling in PARTITIONED BY: ``category``, ``day(ts)``, ``bucket(16, id)``."""
        if self.transform == "identity":
            return self.column
        sized = _SIZED.fullmatch(self.transform)
        return f"{sized[1]}({sized[2]}, {self.column})" if sized else f"{self.transform}({self.column})"


def read(table: glue_catalog.Table, session: Session) -> dict[str, Any]:
    """Return the current metadata of a table: https://iceberg.apache.org/spec/#table-metadata-fields"""
    location = str(table.get("Parameters", {}).get("metadata_location", ""))
    bucket, _, key = location.removeprefix("s3://").partition("/")
    if not key:
        raise failures.semantic(f"Iceberg table {table['DatabaseName']}.{table['Name']} has no metadata_location")
    body = session.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    found: dict[str, Any] = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
    return found


def terms(metadata: dict[str, Any]) -> list[Term]:
    """Return the fields of the current partition spec."""
    schema = next(each for each in metadata["schemas"] if each["schema-id"] == metadata["current-schema-id"])
    columns = {field["id"]: field["name"] for field in schema["fields"]}
    spec = next(each for each in metadata["partition-specs"] if each["spec-id"] == metadata["default-spec-id"])
    return [Term(field["name"], field["transform"], columns[field["source-id"]]) for field in spec["fields"]]
