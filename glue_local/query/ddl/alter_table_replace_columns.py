"""ALTER TABLE REPLACE COLUMNS: https://docs.aws.amazon.com/athena/latest/ug/alter-table-replace-columns.html"""

from glue_local.query.description import results
from glue_local.query.hive import alter, failures, storage
from glue_local.query.hive.columns import parse_columns
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome

OPENING = "ALTER TABLE <table> [<partition>] REPLACE COLUMNS"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    target = alter.target(cursor, session)
    alter.refuse_iceberg(target.table, "REPLACE COLUMNS")
    cursor.expect("REPLACE", "COLUMNS")
    columns = parse_columns(cursor)
    cursor.end()
    serde = target.storage.get("SerdeInfo", {}).get("SerializationLibrary")
    if serde not in storage.COLUMNS_REPLACEABLE:
        name = f"{target.table['DatabaseName']}.{target.table['Name']}"
        raise failures.execution(f"Replace columns is not supported for table {name}. SerDe may be incompatible.")
    alter.change_columns(target, columns, session)
    return results.done("ALTER_TABLE_REPLACE_COLUMNS")
