"""CREATE TABLE AS: https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html"""

from glue_local.query.create_table_as import OPENING, read
from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.rewrite.catalog_names import rewrite_catalog_names
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, s3_objects

__all__ = ["DIALECT", "OPENING", "carry_out"]

DIALECT = TrinoStatements


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    statement = read(cursor, session)
    database, name = glue_catalog.place(statement.name, session)
    if glue_catalog.table_or_none(statement.name, session) is not None:
        if statement.if_not_exists:
            return Outcome("DDL", "CREATE_TABLE_AS_SELECT", manifest=[], update_count=0)
        raise QueryFailed(
            f"TABLE_ALREADY_EXISTS: line 1:1: Destination table '{session.catalog}.{database}.{name}' already exists"
        )
    if not s3_objects.is_empty(session.s3, statement.location):
        problem = f"Target directory for table '{database}.{name}' already exists: {statement.location}"
        raise QueryFailed(
            f"HIVE_PATH_ALREADY_EXISTS: {problem}. You may need to manually clean the data at location "
            f"'{statement.location}' before retrying. Athena will not delete data in your account.",
            error_type=1303,
        )
    made = session.run(rewrite_catalog_names(statement.sql, session), properties=statement.session_properties)
    written = list(s3_objects.listed(session.s3, statement.location))
    return Outcome("DDL", "CREATE_TABLE_AS_SELECT", manifest=written, update_count=made.update_count)
