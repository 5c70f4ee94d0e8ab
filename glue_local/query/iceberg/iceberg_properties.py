"""Athena's table properties for Iceberg tables, and how Trino stores them.

https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html
"""

from collections.abc import Mapping

from glue_local.query.failure import QueryFailed
from glue_local.query.iceberg import iceberg_metadata, iceberg_tables
from glue_local.query.session import Session
from glue_local.query.stored import glue_catalog
from glue_local.query.trino_text import mapping, text

# Iceberg has its own names for these two, which Trino sets; the others are stored as extra properties.
FORMAT, COMPRESSION = "format", "write_compression"
KEPT = (
    "write_target_data_file_size_bytes",
    "optimize_rewrite_min_data_file_size_bytes",
    "optimize_rewrite_max_data_file_size_bytes",
    "optimize_rewrite_data_file_threshold",
    "optimize_rewrite_delete_file_threshold",
    "vacuum_min_snapshots_to_keep",
    "vacuum_max_snapshot_age_seconds",
    "vacuum_max_metadata_files_to_keep",
)


def check(given: Mapping[str, object]) -> None:
    """Refuse properties that Athena does not have for Iceberg tables."""
    for name in given:
        if name not in (FORMAT, COMPRESSION, *KEPT):
            raise QueryFailed(f"Unsupported table property key: {name}")


def read(table: glue_catalog.Table, session: Session) -> dict[str, str]:
    """Return a table's properties by Athena's names."""
    found = iceberg_metadata.read(table, session).get("properties", {})
    kind = str(found.get("write.format.default", "parquet")).lower()
    codec = found.get(COMPRESSION) or found.get(f"write.{kind}.compression-codec")
    return {
        FORMAT: kind,
        **({COMPRESSION: str(codec).lower()} if codec else {}),
        **{name: str(found[name]) for name in KEPT if found.get(name)},
    }


def partitioning(table: glue_catalog.Table, session: Session) -> list[str]:
    """Return the terms of PARTITIONED BY."""
    return [term.spelled for term in iceberg_metadata.terms(iceberg_metadata.read(table, session))]


def change(table: glue_catalog.Table, given: Mapping[str, str | None], session: Session) -> None:
    """Set properties of a table; None unsets one."""
    check(given)
    # Trino cannot remove extra properties, so an empty one counts as unset (see read).
    extra = {name: value or "" for name, value in given.items() if name != FORMAT}
    assignments = [f"extra_properties = {mapping(extra)}"] if extra else []
    if FORMAT in given:
        assignments.append(f"format = {text((given[FORMAT] or 'parquet').upper())}")
    session.run(f"ALTER TABLE {iceberg_tables.spelled(table, session)} SET PROPERTIES {', '.join(assignments)}")


def spelled(given: Mapping[str, str]) -> list[str]:
    """Return the properties for Trino's WITH (…); the compression is a session property."""
    check(given)
    kept = {name: value for name, value in given.items() if name in KEPT}
    kind = given.get(FORMAT, "parquet").upper()
    return [f"format = {text(kind)}", *([f"extra_properties = {mapping(kept)}"] if kept else [])]
