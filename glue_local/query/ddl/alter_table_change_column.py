"""ALTER TABLE CHANGE COLUMN: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-alter-table-change-column.html"""

from dataclasses import dataclass

from glue_local.query.description import results
from glue_local.query.hive import alter, failures, types
from glue_local.query.hive.columns import Column, parse_column
from glue_local.query.hive.cursor import Cursor
from glue_local.query.iceberg import iceberg_tables
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog
from glue_local.query.trino_text import quoted, text

OPENING = "ALTER TABLE <table> [<partition>] CHANGE"


@dataclass(frozen=True)
class Change:
    """``CHANGE [COLUMN] old new type [COMMENT 'text'] [FIRST | AFTER column]``."""

    old: str
    new: Column
    first: bool
    after: str | None


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    target = alter.target(cursor, session)
    cursor.expect("CHANGE")
    cursor.accept("COLUMN")
    change = _parse(cursor)
    if change.old not in {column["Name"] for column in target.columns}:
        raise failures.execution(f"Invalid column reference {change.old}")
    if glue_catalog.is_iceberg(target.table):
        _change_iceberg(target.table, change, session)
    else:
        alter.change_columns(target, _changed(target.columns, change), session)
    return results.done("ALTER_TABLE_CHANGE_COLUMN")


def _parse(cursor: Cursor) -> Change:
    old = cursor.name()
    new = parse_column(cursor)
    first = cursor.accept("FIRST")
    after = cursor.name() if not first and cursor.accept("AFTER") else None
    cursor.end()
    return Change(old, new, first, after)


def _changed(columns: list[Column], change: Change) -> list[Column]:
    names = [column["Name"] for column in columns]
    if change.new["Name"] != change.old and change.new["Name"] in names:
        raise failures.execution(f"Duplicate column name: {change.new['Name']}")
    at = names.index(change.old)
    # Hive keeps the old comment if the statement has none.
    new = {**{name: value for name, value in columns[at].items() if name == "Comment"}, **change.new}
    others = [*columns[:at], *columns[at + 1 :]]
    if change.first:
        return [new, *others]
    if change.after is not None:
        places = [place for place, column in enumerate(others) if column["Name"] == change.after]
        if not places:
            raise failures.execution(f"Invalid column reference {change.after}")
        at = places[0] + 1
    return [*others[:at], new, *others[at:]]


def _change_iceberg(table: glue_catalog.Table, change: Change, session: Session) -> None:
    if change.first or change.after is not None:
        raise failures.not_implemented(
            "ALTER TABLE CHANGE COLUMN … FIRST | AFTER", "Trino cannot reorder columns of an Iceberg table"
        )
    name, new = iceberg_tables.spelled(table, session), change.new["Name"]
    if new != change.old:
        session.run(f"ALTER TABLE {name} RENAME COLUMN {quoted(change.old)} TO {quoted(new)}")
    before = next(column["Type"] for column in glue_catalog.columns(table) if column["Name"] == change.old)
    if before != change.new["Type"]:
        kind = types.trino(change.new["Type"])
        session.run(f"ALTER TABLE {name} ALTER COLUMN {quoted(new)} SET DATA TYPE {kind}")
    if "Comment" in change.new:
        session.run(f"COMMENT ON COLUMN {name}.{quoted(new)} IS {text(change.new['Comment'])}")
