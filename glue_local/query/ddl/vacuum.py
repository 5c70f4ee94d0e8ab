"""VACUUM: https://docs.aws.amazon.com/athena/latest/ug/vacuum-statement.html"""

import math

from glue_local.query.ddl.optimize import iceberg_table
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.iceberg import iceberg_metadata, iceberg_properties, iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "VACUUM"
DIALECT = TrinoStatements

_FIVE_DAYS = "432000"  # seconds
_SLACK = 10  # seconds between the start of the query and its start in the engine


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("VACUUM")
    table = iceberg_table(cursor, session, "VACUUM")
    cursor.end()
    properties = iceberg_properties.read(table, session)
    age = int(properties.get("vacuum_max_snapshot_age_seconds", _FIVE_DAYS))
    kept = int(properties.get("vacuum_min_snapshots_to_keep", "1"))
    least = max(age, _age_of_snapshot(kept, table, session))
    name = iceberg_tables.spelled(table, session)
    # Trino's default minimum retention is a week.
    session.run(
        f"ALTER TABLE {name} EXECUTE expire_snapshots(retention_threshold => '{least}s')",
        properties={f"{session.iceberg}.expire_snapshots_min_retention": "0s"},
    )
    session.run(
        f"ALTER TABLE {name} EXECUTE remove_orphan_files(retention_threshold => '{age}s')",
        properties={f"{session.iceberg}.remove_orphan_files_min_retention": "0s"},
    )
    return Outcome("DML", "VACUUM")


def _age_of_snapshot(number: int, table: glue_catalog.Table, session: Session) -> int:
    """Return the age in whole seconds that keeps the latest ``number`` snapshots: Trino only expires by age."""
    if number < 2:
        return 0  # Trino always keeps the current one
    times = sorted((each["timestamp-ms"] for each in iceberg_metadata.read(table, session)["snapshots"]), reverse=True)
    oldest_kept = times[:number][-1] / 1000 if times else session.now
    return math.ceil(session.now - oldest_kept) + _SLACK
