"""ALTER TABLE DROP PARTITION: https://docs.aws.amazon.com/athena/latest/ug/alter-table-drop-partition.html"""

from collections.abc import Callable

from glue_local.query.description import results
from glue_local.query.hive import alter, failures, partitions
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog

OPENING = "ALTER TABLE <table> DROP [<exists>] PARTITION"

Condition = tuple[str, str, str]
"""A key, a comparison operator and a value."""


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    table = alter.target(cursor, session).table
    alter.refuse_iceberg(table, "DROP PARTITION")
    cursor.expect("DROP")
    if_exists = cursor.accept("IF", "EXISTS")
    specs = [_spec(cursor)]
    while cursor.accept(","):
        specs.append(_spec(cursor))
    cursor.accept("PURGE")
    cursor.end()
    dropped: list[list[str]] = []
    for spec in specs:
        found = _matching(spec, table, session)
        if not found and not if_exists:
            written = " and ".join(f"({key} {sign} '{value}')" for key, sign, value in spec)
            raise failures.semantic(f"Partition not found {written}", 10006)
        dropped += [values for values in found if values not in dropped]
    _delete(dropped, table, session)
    return results.done("ALTER_TABLE_DROP_PARTITION")


def _spec(cursor: Cursor) -> list[Condition]:
    """Consume ``PARTITION (key = value, …)``; Hive also allows other comparisons."""
    cursor.expect("PARTITION", "(")
    found = []
    while True:
        key = cursor.name()
        sign = cursor.accept_any("=", "<", "<=", ">", ">=", "!=", "<>")
        if not sign:
            raise cursor.mismatched("=")
        found.append((key, sign, cursor.literal()))
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return found


_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}


def _matching(spec: list[Condition], table: glue_catalog.Table, session: Session) -> list[list[str]]:
    partitions.check({key: value for key, _, value in spec}, table)
    kinds = {key["Name"]: key["Type"] for key in table["PartitionKeys"]}
    keys = glue_catalog.keys(table)

    def holds(values: list[str]) -> bool:
        row = dict(zip(keys, values, strict=True))
        return all(
            _COMPARE[sign](partitions.comparable(row[key], kinds[key]), partitions.comparable(value, kinds[key]))
            for key, sign, value in spec
        )

    return [found["Values"] for found in glue_catalog.partitions(table, session) if holds(found["Values"])]


def _delete(dropped: list[list[str]], table: glue_catalog.Table, session: Session) -> None:
    # Glue deletes up to 25 per request.
    for start in range(0, len(dropped), 25):
        session.glue.batch_delete_partition(
            DatabaseName=table["DatabaseName"],
            TableName=table["Name"],
            PartitionsToDelete=[{"Values": values} for values in dropped[start : start + 25]],
        )
