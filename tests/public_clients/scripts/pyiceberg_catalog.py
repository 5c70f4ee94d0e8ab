"""pyiceberg on the Glue catalog: create, append, read, evolve, change and drop a table. Prints the results as JSON."""

import json
import os

import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import EqualTo
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import BucketTransform, MonthTransform
from pyiceberg.types import DoubleType, LongType, NestedField, StringType, TimestampType

DATABASE, STAGING, ENDPOINT = os.environ["DATABASE"], os.environ["STAGING"], os.environ["AWS_ENDPOINT_URL"]
NAMESPACE = f"{DATABASE}_iceberg"


def opened() -> Catalog:
    return load_catalog(
        "glue",
        **{
            "type": "glue",
            "glue.endpoint": ENDPOINT,
            "s3.endpoint": ENDPOINT,
            "s3.request-timeout": "120",
            "client.region": "us-east-1",
            "client.access-key-id": "test",
            "client.secret-access-key": "test",
        },
    )


SCHEMA = Schema(
    NestedField(1, "id", LongType(), required=False, doc="the key"),
    NestedField(2, "name", StringType(), required=False),
    NestedField(3, "at", TimestampType(), required=False),
)
SPEC = PartitionSpec(
    PartitionField(1, 1000, BucketTransform(2), "id_bucket"), PartitionField(3, 1001, MonthTransform(), "at_month")
)


AT = 1767323045678900
"""Microseconds since the epoch."""


def rows(*values: tuple[int, str | None]) -> pa.Table:
    columns = {"id": [each[0] for each in values], "name": [each[1] for each in values]}
    at = pa.array([AT] * len(values), pa.timestamp("us"))
    return pa.table({"id": columns["id"], "name": pa.array(columns["name"], pa.string()), "at": at})


def main() -> None:
    catalog = opened()
    catalog.create_namespace(NAMESPACE, {"comment": "of pyiceberg", "location": f"{STAGING}{NAMESPACE}"})
    table = catalog.create_table(f"{NAMESPACE}.sites", SCHEMA, partition_spec=SPEC, properties={"owner": "roads"})
    table.append(rows((1, "a"), (2, "b")))
    table.append(rows((3, None)))
    stale = catalog.load_table(f"{NAMESPACE}.sites")
    with table.update_schema() as update:
        update.add_column("length", DoubleType())
        update.rename_column("name", "road")
    table.overwrite(
        pa.table({"id": [2], "road": ["B"], "at": [None], "length": [1.5]}, schema=table.schema().as_arrow()),
        overwrite_filter=EqualTo("id", 2),
    )
    table.delete(EqualTo("id", 3))
    # The first commit is refused because the table has changed; pyiceberg refreshes the table and retries.
    stale.append(rows((9, "late")))
    other = opened()
    read = other.load_table(f"{NAMESPACE}.sites")
    found = {
        "rows": sorted(
            read.scan(selected_fields=("id", "road", "length")).to_arrow().to_pylist(), key=lambda row: row["id"]
        ),
        "filtered": read.scan(row_filter="id = 1").to_arrow().num_rows,
        "columns": read.schema().column_names,
        "snapshots": len(read.snapshots()),
        "before": read.scan(snapshot_id=read.snapshots()[0].snapshot_id).to_arrow().num_rows,
        "listed": [list(name) for name in other.list_tables(NAMESPACE)],
        "namespace": other.load_namespace_properties(NAMESPACE),
    }
    other.rename_table(f"{NAMESPACE}.sites", f"{NAMESPACE}.places")
    found["renamed"] = [list(name) for name in other.list_tables(NAMESPACE)]
    other.create_namespace("passing", {"location": f"{STAGING}passing"})
    other.create_table("passing.sites", SCHEMA)
    other.drop_table("passing.sites")
    try:
        other.load_table("passing.sites")
    except NoSuchTableError:
        found["dropped"] = True
    other.drop_namespace("passing")
    found["namespaces"] = [name[0] for name in other.list_namespaces()]
    print(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
