"""awswrangler's catalog and S3 functions. Prints the results as JSON."""

import json
import os

import awswrangler as wr
import pandas as pd

DATABASE, STAGING = os.environ["DATABASE"], os.environ["STAGING"]
ROOT = f"{STAGING}catalog/"


def s3() -> dict[str, object]:
    frame = pd.DataFrame({"id": [1, 2], "name": ["a", None]})
    for write, suffix in (
        (wr.s3.to_parquet, "parquet"),
        (wr.s3.to_csv, "csv"),
        (wr.s3.to_json, "json"),
        (wr.s3.to_orc, "orc"),
    ):
        write(frame, f"{ROOT}frame.{suffix}", **({} if suffix in ("parquet", "orc") else {"index": False}))
    read = {
        "parquet": len(wr.s3.read_parquet(f"{ROOT}frame.parquet")),
        "csv": len(wr.s3.read_csv(f"{ROOT}frame.csv")),
        "json": len(wr.s3.read_json(f"{ROOT}frame.json")),
        "orc": len(wr.s3.read_orc(f"{ROOT}frame.orc")),
    }
    listed = [each.rpartition("/")[2] for each in wr.s3.list_objects(ROOT)]
    size = wr.s3.size_objects(f"{ROOT}frame.csv")[f"{ROOT}frame.csv"]
    wr.s3.copy_objects([f"{ROOT}frame.csv"], ROOT.removesuffix("/"), f"{STAGING}copied")
    wr.s3.wait_objects_exist([f"{STAGING}copied/frame.csv"])
    wr.s3.delete_objects(f"{STAGING}copied/")
    return {
        "read": read,
        "listed": sorted(listed),
        "size": size,
        "gone": not wr.s3.does_object_exist(f"{STAGING}copied/frame.csv"),
    }


def catalog() -> dict[str, object]:
    wr.catalog.create_database(f"{DATABASE}_more", description="more", exist_ok=True)
    wr.catalog.create_parquet_table(
        f"{DATABASE}_more",
        "t",
        f"{ROOT}t/",
        {"id": "bigint", "name": "string"},
        partitions_types={"day": "string"},
        description="a table",
        parameters={"source": "test"},
        columns_comments={"id": "the key"},
    )
    wr.catalog.add_parquet_partitions(f"{DATABASE}_more", "t", {f"{ROOT}t/day=1/": ["1"], f"{ROOT}t/day=2/": ["2"]})
    wr.catalog.add_column(f"{DATABASE}_more", "t", "more", "double", column_comment="later")
    wr.catalog.upsert_table_parameters({"checked": "yes"}, f"{DATABASE}_more", "t")
    wr.catalog.delete_partitions("t", f"{DATABASE}_more", [["1"]])
    parameters = wr.catalog.get_table_parameters(f"{DATABASE}_more", "t")
    found = {
        "types": wr.catalog.get_table_types(f"{DATABASE}_more", "t"),
        "comments": wr.catalog.get_columns_comments(f"{DATABASE}_more", "t"),
        "description": wr.catalog.get_table_description(f"{DATABASE}_more", "t"),
        "parameters": {name: parameters[name] for name in ("source", "checked")},
        "location": wr.catalog.get_table_location(f"{DATABASE}_more", "t"),
        "partitions": [*wr.catalog.get_parquet_partitions(f"{DATABASE}_more", "t").values()],
        "searched": [table["Name"] for table in wr.catalog.search_tables(text="a table")],
        "prefixed": [table["Name"] for table in wr.catalog.get_tables(database=f"{DATABASE}_more", name_prefix="t")],
    }
    found["deleted"] = [
        wr.catalog.delete_table_if_exists(f"{DATABASE}_more", "t"),
        wr.catalog.does_table_exist(f"{DATABASE}_more", "t"),
    ]
    wr.catalog.delete_database(f"{DATABASE}_more")
    return found


def main() -> None:
    print(json.dumps({"s3": s3(), "catalog": catalog()}, default=str))


if __name__ == "__main__":
    main()
