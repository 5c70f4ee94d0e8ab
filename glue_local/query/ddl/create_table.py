"""CREATE TABLE of Iceberg tables: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html"""

from glue_local.query.compression import session_properties
from glue_local.query.ddl.create_external_table import already_exists
from glue_local.query.description import results
from glue_local.query.hive import failures, table_definition
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.table_definition import Definition
from glue_local.query.iceberg import iceberg_properties, iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, s3_objects
from glue_local.query.trino_text import array, text

OPENING = "CREATE TABLE"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    definition = table_definition.read(cursor)
    properties = dict(definition.properties)
    if properties.pop("table_type", "").upper() != "ICEBERG":
        raise failures.semantic(
            "CREATE TABLE without EXTERNAL is for Iceberg tables only: use CREATE EXTERNAL TABLE, "
            "or add TBLPROPERTIES ('table_type'='ICEBERG')"
        )
    _check(definition)
    database, name = glue_catalog.place(definition.name, session)
    glue_catalog.check_database(database, session)
    if glue_catalog.table_or_none(definition.name, session) is not None:
        if not definition.if_not_exists:
            raise already_exists(name)
        return results.done("CREATE_TABLE")
    compression = properties.pop(iceberg_properties.COMPRESSION, None)
    codec = session_properties(session.iceberg, compression, "ZSTD", "CREATE TABLE")
    given = iceberg_properties.spelled(properties)
    given.append(f"location = {text(str(definition.location))}")
    if definition.partition_terms:
        given.append(f"partitioning = {array(definition.partition_terms)}")
    columns = ", ".join(iceberg_tables.column(column) for column in definition.columns)
    comment = "" if definition.comment is None else f" COMMENT {text(definition.comment)}"
    target = iceberg_tables.named(database, name, session)
    session.run(f"CREATE TABLE {target} ({columns}){comment} WITH ({', '.join(given)})", properties=codec)
    return results.done("CREATE_TABLE")


def _check(definition: Definition) -> None:
    if not definition.location:
        raise failures.semantic("An Iceberg table needs a location: add LOCATION 's3://bucket/folder/'")
    s3_objects.split(definition.location)
    if definition.partition_columns:
        raise failures.semantic("PARTITIONED BY of an Iceberg table names columns of the table, without their types")
    if definition.row_format or definition.stored_as or definition.bucket_columns:
        raise failures.semantic(
            "An Iceberg table has no ROW FORMAT, STORED AS or CLUSTERED BY: use the property 'format'"
        )
