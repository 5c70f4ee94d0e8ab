"""OPTIMIZE: https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html"""

from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.iceberg import iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "OPTIMIZE"
DIALECT = TrinoStatements


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("OPTIMIZE")
    table = iceberg_table(cursor, session, "OPTIMIZE")
    cursor.expect("REWRITE", "DATA", "USING", "BIN_PACK")
    if cursor.token() is not None and not cursor.reads("WHERE"):
        raise cursor.mismatched("WHERE")
    condition = f" {cursor.rest()}" if cursor.token() is not None else ""
    session.run(f"ALTER TABLE {iceberg_tables.spelled(table, session)} EXECUTE optimize{condition}")
    return Outcome("DML", "OPTIMIZE")


def iceberg_table(cursor: Cursor, session: Session, statement: str) -> glue_catalog.Table:
    """Consume a name and return its table, which must be an Iceberg table."""
    table = glue_catalog.table(cursor.table(double_quotes=True), session)
    if not glue_catalog.is_iceberg(table):
        name = f"{table['DatabaseName']}.{table['Name']}"
        raise QueryFailed(
            f"NOT_SUPPORTED: {statement} only supports Iceberg tables, and {name} is not one", error_type=1200
        )
    return table
