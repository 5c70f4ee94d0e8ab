"""UNLOAD: https://docs.aws.amazon.com/athena/latest/ug/unload.html"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from glue_local.query.compression import session_properties
from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.rewrite.catalog_names import rewrite_catalog_names
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import s3_objects
from glue_local.query.trino_text import array, quoted, text
from glue_local.query.trino_with import Properties, parse

OPENING = "UNLOAD"
DIALECT = TrinoStatements

_DEFAULTS = {"PARQUET": "GZIP", "ORC": "ZLIB", "AVRO": "NONE", "JSON": "GZIP", "TEXTFILE": "GZIP"}


@dataclass(frozen=True)
class Unload:
    """The parsed statement, with Trino's table properties."""

    query: str
    location: str
    properties: list[str]
    session_properties: Mapping[str, str]


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    unload = _read(cursor, session)
    if not s3_objects.is_empty(session.s3, unload.location):
        raise QueryFailed(
            f"HIVE_PATH_ALREADY_EXISTS: Target directory already exists: {unload.location}. UNLOAD writes only to a "
            "location that has no data: choose another one, or delete the data.",
            error_type=1303,
        )
    with _scratch_database(session) as database:
        # Trino has no UNLOAD: create an external table at the location, then drop it, which keeps its files.
        target = ".".join(quoted(part) for part in (session.catalog, database, "unload"))
        sql = f"CREATE TABLE {target} WITH ({', '.join(unload.properties)}) AS {unload.query}"
        made = session.run(rewrite_catalog_names(sql, session), properties=unload.session_properties)
    written = list(s3_objects.listed(session.s3, unload.location))
    return Outcome("DML", "UNLOAD", manifest=written, update_count=made.update_count)


def _read(cursor: Cursor, session: Session) -> Unload:
    cursor.expect("UNLOAD")
    start, end = cursor.parenthesized()
    cursor.expect("TO")
    location = cursor.string()
    s3_objects.split(location)
    given = parse(cursor, "UNLOAD") if cursor.accept("WITH") else Properties("UNLOAD", {})
    cursor.end()
    kind = (given.text("format") or "").upper()
    if kind not in _DEFAULTS:
        raise QueryFailed(f"UNLOAD needs the property 'format': one of {', '.join(_DEFAULTS)}", error_type=1103)
    codec = session_properties(session.catalog, given.text("compression"), _DEFAULTS[kind], "UNLOAD")
    properties = [f"format = {text(kind)}", f"external_location = {text(location)}"]
    delimiter, partitioned = given.text("field_delimiter"), given.names("partitioned_by")
    if delimiter is not None:
        if len(delimiter) != 1 or kind != "TEXTFILE":
            raise QueryFailed(
                "UNLOAD: field_delimiter must be one character, and needs the format TEXTFILE", error_type=1103
            )
        properties.append(f"textfile_field_separator = {text(delimiter)}")
    if partitioned:
        properties.append(f"partitioned_by = {array(partitioned)}")
    given.values.pop("compression_level", None)  # for ZSTD: affects file sizes, not rows
    given.end()
    return Unload(f"({cursor.sql[start:end]})", location, properties, codec)


@contextmanager
def _scratch_database(session: Session) -> Iterator[str]:
    """Create a database for the duration of the statement, so that its table name cannot clash."""
    name = f"unload_{session.query_id.replace('-', '_')}"
    session.glue.create_database(DatabaseInput={"Name": name})
    try:
        yield name
    finally:
        session.glue.delete_database(Name=name)
