"""PREPARE and DEALLOCATE PREPARE: the service stores a work group's prepared statements."""

from typing import Any

from botocore.exceptions import ClientError

from glue_local.query.failure import QueryFailed
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.text import to_deallocate, to_prepare


def carry_out(sql: str, session: Session) -> Outcome | None:
    """Execute one of these statements; return None for any other."""
    athena, work_group = session.athena, session.work_group
    prepare, name = to_prepare(sql), to_deallocate(sql)
    try:
        if prepare:
            return _prepare(athena, work_group, *prepare)
        if name:
            athena.delete_prepared_statement(StatementName=name, WorkGroup=work_group)
            return Outcome("DDL", "DEALLOCATE")
    except ClientError as error:
        raise QueryFailed(f"NOT_FOUND: {error.response['Error']['Message']}", error_type=1301) from None
    return None


def _prepare(athena: Any, work_group: str, name: str, statement: str) -> Outcome:
    kept = {"StatementName": name, "QueryStatement": statement, "WorkGroup": work_group}
    try:
        athena.update_prepared_statement(**kept)
    except athena.exceptions.ResourceNotFoundException:
        athena.create_prepared_statement(**kept)
    return Outcome("DDL", "PREPARE")
