"""Partition specifications of statements, ``PARTITION (dt = '2016-05-14', country = 'IN')``, and partition folders."""

from typing import Any
from urllib.parse import quote, unquote

from glue_local.query.hive import failures
from glue_local.query.hive.cursor import Cursor
from glue_local.query.stored import glue_catalog

Spec = dict[str, str]

# Hive escapes these and control characters in folder names.
_SAFE = " !&()+,-.;<>@_`|~$"

DEFAULT = "__HIVE_DEFAULT_PARTITION__"


def parse(cursor: Cursor) -> Spec:
    """Consume ``PARTITION (key = value, …)``."""
    cursor.expect("PARTITION", "(")
    spec: Spec = {}
    while True:
        key = cursor.name()
        cursor.expect("=")
        spec[key] = cursor.literal()
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return spec


def values(spec: Spec, table: glue_catalog.Table) -> list[str]:
    """Return the values of a complete specification in the order of the table's keys."""
    check(spec, table)
    keys = glue_catalog.keys(table)
    if len(spec) < len(keys):
        raise failures.semantic(f"partition spec {spelled(spec)} doesn't contain all ({len(keys)}) partition columns")
    return [_plain(spec[key["Name"]], key["Type"]) for key in table["PartitionKeys"]]


def check(spec: Spec, table: glue_catalog.Table) -> None:
    """Refuse a specification with columns that are not partition keys."""
    keys = glue_catalog.keys(table)
    if not keys:
        raise failures.semantic(f"table is not partitioned but partition spec exists: {spelled(spec)}")
    for key in spec:
        if key not in keys:
            raise failures.semantic(f"Non-Partition column appears in the partition specification:  {key}", 10098)


def _plain(value: str, kind: str) -> str:
    # Hive normalizes numbers: month=03 of an int key is partition month=3.
    if kind in ("tinyint", "smallint", "int", "bigint") and value.lstrip("-").isdigit():
        return str(int(value))
    return value


def spelled(spec: Spec) -> str:
    """Return ``{dt=2016-05-14, country=IN}``, Hive's form in messages."""
    return "{" + ", ".join(f"{key}={value}" for key, value in spec.items()) + "}"


def folder(keys: list[str], found: list[str]) -> str:
    """Return ``dt=2016-05-14/country=IN``: a partition's folder and its name in SHOW PARTITIONS."""
    return "/".join(f"{key}={quote(value or DEFAULT, safe=_SAFE)}" for key, value in zip(keys, found, strict=True))


def read_folder(path: str, keys: list[str]) -> list[str] | None:
    """Return the values in ``dt=2016-05-14/country=IN``, None unless the folders are named after the keys in order."""
    parts = [part.partition("=") for part in path.split("/")]
    if [(key, sign) for key, sign, _ in parts] != [(key, "=") for key in keys]:
        return None
    return [unquote(value) for _, _, value in parts]


def location(table: glue_catalog.Table, found: list[str]) -> str:
    """Return the default location of a partition."""
    base = glue_catalog.location(table).rstrip("/")
    return f"{base}/{folder(glue_catalog.keys(table), found)}"


def described(table: glue_catalog.Table, found: list[str], place: str) -> dict[str, Any]:
    """Return a PartitionInput with the table's storage at another location."""
    return {"Values": found, "StorageDescriptor": {**glue_catalog.files(table), "Location": place}}


def comparable(value: str, kind: str) -> tuple[bool, float, str]:
    """Return a sort key for a partition value: numeric for number types, else the text."""
    if kind in ("tinyint", "smallint", "int", "bigint", "float", "double") or kind.startswith("decimal"):
        try:
            return (True, float(value), "")
        except ValueError:
            return (False, 0.0, value)
    return (False, 0.0, value)
