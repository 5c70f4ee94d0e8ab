"""INSERT INTO: Trino runs it unless Athena refuses it: https://docs.aws.amazon.com/athena/latest/ug/insert-into.html"""

from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.session import Session
from glue_local.query.stored import glue_catalog

OPENING = "INSERT INTO <table>"
DIALECT = TrinoStatements


def carry_out(cursor: Cursor, session: Session) -> None:
    """Return None, so that the engine runs it. Raises QueryFailed for a bucketed table, which Trino would accept."""
    cursor.expect("INSERT", "INTO")
    name = cursor.table(double_quotes=True)
    if not glue_catalog.is_known(name.catalog, session):
        return
    table = glue_catalog.table_or_none(name, session)
    if table is not None and glue_catalog.files(table).get("BucketColumns") and not glue_catalog.is_iceberg(table):
        target = f"{table['DatabaseName']}.{table['Name']}"
        raise QueryFailed(f"NOT_SUPPORTED: INSERT INTO is not supported for bucketed table {target}", error_type=1200)
