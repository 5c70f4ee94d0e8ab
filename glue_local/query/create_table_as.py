"""CREATE TABLE … AS with Athena's table properties, in Trino's spelling.

https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from glue_local.query.compression import session_properties
from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor, Name
from glue_local.query.iceberg import iceberg_properties
from glue_local.query.session import Session
from glue_local.query.stored import glue_catalog
from glue_local.query.trino_text import array, quoted, text
from glue_local.query.trino_with import Properties, parse

STATEMENT = "CREATE TABLE AS"
OPENING = "CREATE TABLE <query>"

_ENFORCED = (
    "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena "
    "Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' "
    "property and resubmit the query."
)


@dataclass(frozen=True)
class CreateTableAs:
    """The statement for the engine, its location and its session properties."""

    sql: str
    name: Name
    if_not_exists: bool
    location: str
    session_properties: Mapping[str, str]


@dataclass(frozen=True)
class _Table:
    """A target table: its Trino catalog and Trino table properties."""

    catalog: str
    location: str
    properties: list[str]
    compression: Mapping[str, str]


def read(cursor: Cursor, session: Session) -> CreateTableAs:
    """Parse the statement; keeps the text before ``CREATE``, which may be EXPLAIN."""
    before = cursor.sql[: cursor.tokens[cursor.at].start]
    cursor.expect("CREATE", "TABLE")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.table(double_quotes=True)
    columns = ""
    if cursor.reads("("):
        start, end = cursor.parenthesized()
        columns = f" ({cursor.sql[start:end]})"
    comment = f" COMMENT {text(cursor.string())}" if cursor.accept("COMMENT") else ""
    given = parse(cursor, STATEMENT) if cursor.accept("WITH") else Properties(STATEMENT, {})
    query = cursor.rest()
    table = _table(given, session)
    database, _ = glue_catalog.place(name, session)
    target = ".".join(quoted(part) for part in (table.catalog, database, name.table))
    exists = " IF NOT EXISTS" if if_not_exists else ""
    properties = ", ".join(table.properties)
    sql = f"{before}CREATE TABLE{exists} {target}{columns}{comment} WITH ({properties}) {query}"
    return CreateTableAs(sql, name, if_not_exists, table.location, table.compression)


def _table(given: Properties, session: Session) -> _Table:
    kind = (given.text("table_type") or "HIVE").upper()
    if kind not in ("HIVE", "ICEBERG"):
        raise QueryFailed(f"INVALID_TABLE_PROPERTY: {STATEMENT}: table_type must be HIVE or ICEBERG, not {kind}")
    return _iceberg(given, session) if kind == "ICEBERG" else _hive(given, session)


def _hive(given: Properties, session: Session) -> _Table:
    if given.flag("is_external") is False:
        raise QueryFailed(f"INVALID_TABLE_PROPERTY: {STATEMENT}: is_external must be true for a Hive table")
    if session.enforced_location and "external_location" in given.values:
        raise QueryFailed(_ENFORCED)
    location = given.text("external_location") or _own_location(session)
    kind = (given.text("format") or "PARQUET").upper()
    properties = [f"format = {text(kind)}", f"external_location = {text(location)}"]
    partitioned, bucketed, buckets = (
        given.names("partitioned_by"),
        given.names("bucketed_by"),
        given.number("bucket_count"),
    )
    if partitioned:
        properties.append(f"partitioned_by = {array(partitioned)}")
    if bucketed:
        properties += [f"bucketed_by = {array(bucketed)}", f"bucket_count = {buckets}"]
    delimiter = given.text("field_delimiter")
    if delimiter is not None:
        properties.append(f"textfile_field_separator = {text(delimiter)}")
    # The older property names, one per format.
    compression = given.text(f"{kind.lower()}_compression")
    compression = given.text("write_compression") or compression
    given.values.pop("compression_level", None)  # for ZSTD: affects file sizes, not rows
    given.end()
    codec = session_properties(session.catalog, compression, "GZIP", STATEMENT)
    return _Table(session.catalog, location, properties, codec)


def _iceberg(given: Properties, session: Session) -> _Table:
    if given.flag("is_external") is not False:
        raise QueryFailed(f"INVALID_TABLE_PROPERTY: {STATEMENT}: is_external must be false for an Iceberg table")
    location = given.text("location") or _own_location(session)
    terms = given.names("partitioning")
    compression = given.text("write_compression")
    given.values.pop("compression_level", None)
    kept = {name: str(given.values.pop(name)) for name in list(given.values)}
    properties = iceberg_properties.spelled(kept)
    properties.append(f"location = {text(location)}")
    if terms:
        properties.append(f"partitioning = {array(_term(term) for term in terms)}")
    name = session.iceberg
    return _Table(name, location, properties, session_properties(name, compression, "ZSTD", STATEMENT))


def _term(term: str) -> str:
    """Athena's ``bucket(16, id)`` as Trino's ``bucket(id, 16)``; its other spelling is Trino's own."""
    function, opening, inside = term.partition("(")
    first, comma, second = (part.strip() for part in inside.removesuffix(")").partition(","))
    return f"{function}({second}, {first})" if opening and comma and first.isdigit() else term


def _own_location(session: Session) -> str:
    # https://docs.aws.amazon.com/athena/latest/ug/ctas-considerations-limitations.html
    return f"{session.output_location.rstrip('/')}/tables/{session.query_id}/"
