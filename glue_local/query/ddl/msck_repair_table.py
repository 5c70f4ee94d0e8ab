"""MSCK REPAIR TABLE: https://docs.aws.amazon.com/athena/latest/ug/msck-repair-table.html"""

from collections.abc import Iterator

from glue_local.query.ddl.alter_table_add_partition import create
from glue_local.query.description import results
from glue_local.query.hive import failures, partitions
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, s3_objects

OPENING = "MSCK"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("MSCK", "REPAIR", "TABLE")
    table = glue_catalog.table(cursor.table(), session)
    cursor.end()
    if glue_catalog.is_view(table) or glue_catalog.is_iceberg(table):
        raise failures.semantic(f"MSCK REPAIR TABLE is for partitioned external tables only: {table['Name']}")
    keys = glue_catalog.keys(table)
    if not keys:
        return results.lines("MSCK_REPAIR_TABLE", (), [], kind="DDL")
    known = {tuple(found["Values"]) for found in glue_catalog.partitions(table, session)}
    missing = [values for values in _folders(table, session) if tuple(values) not in known]
    added = [partitions.described(table, values, partitions.location(table, values)) for values in missing]
    create(table, added, session, if_not_exists=True)
    names = [f"{table['Name']}:{partitions.folder(keys, values)}" for values in missing]
    return results.lines("MSCK_REPAIR_TABLE", (), _report(names), kind="DDL")


def _report(names: list[str]) -> Iterator[str]:
    if names:
        yield "\t".join(["Partitions not in metastore:", *names])
    yield from (f"Repair: Added partition to metastore {name}" for name in names)


def _folders(table: glue_catalog.Table, session: Session) -> Iterator[list[str]]:
    """Yield the values of each non-empty folder with Hive's naming, key=value, once.

    AWS's page: only folders in that style with lower-case keys are found; partitions without objects are not removed.
    """
    base = glue_catalog.location(table).rstrip("/") + "/"
    keys, before = glue_catalog.keys(table), None
    for uri in s3_objects.listed(session.s3, base):
        # The object's parent folders, one level per key.
        above = uri[len(base) :].split("/")[:-1]
        path = "/".join(above[: len(keys)])
        values = partitions.read_folder(path, keys) if path != before else None
        before = path
        # AWS's page: values with a colon are silently ignored.
        if values is not None and not any(":" in value for value in values):
            yield values
