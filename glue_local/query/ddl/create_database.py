"""CREATE DATABASE: https://docs.aws.amazon.com/athena/latest/ug/create-database.html"""

from typing import Any

from botocore.exceptions import ClientError

from glue_local.query.description import results
from glue_local.query.hive import failures, properties
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "CREATE DATABASE|SCHEMA"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("CREATE")
    cursor.accept_any("DATABASE", "SCHEMA")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.table()
    glue_catalog.check_catalog(name.database, session)
    given: dict[str, Any] = {"Name": name.table}
    if cursor.accept("COMMENT"):
        given["Description"] = cursor.string()
    if cursor.accept("LOCATION"):
        given["LocationUri"] = cursor.string()
    if cursor.accept("WITH", "DBPROPERTIES"):
        given["Parameters"] = properties.parse(cursor)
    cursor.end()
    try:
        session.glue.create_database(DatabaseInput=given)
    except ClientError as error:
        if glue_catalog.code(error) != "AlreadyExistsException":
            raise glue_catalog.refused(error) from None
        if not if_not_exists:
            raise failures.execution(f"Database {name.table} already exists") from None
    return results.done("CREATE_DATABASE")
