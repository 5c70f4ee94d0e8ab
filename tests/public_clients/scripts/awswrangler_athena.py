"""awswrangler: Athena queries with CTAS, with UNLOAD and plain, and tables from frames. Prints the results as JSON."""

import json
import os
from typing import Any

import awswrangler as wr
import pandas as pd

DATABASE, STAGING = os.environ["DATABASE"], os.environ["STAGING"]
ROOT = f"{STAGING}wrangler/"
wr.config.athena_query_wait_polling_delay = 0.05

QUERY = "SELECT id, name, seen, price, ok, tags, country FROM readings ORDER BY id"
WAYS: dict[str, dict[str, Any]] = {
    "ctas": {"ctas_approach": True},
    "unload": {"ctas_approach": False, "unload_approach": True, "s3_output": f"{ROOT}unload/"},
    "plain": {"ctas_approach": False},
}


def rows(frame: pd.DataFrame) -> list[list[Any]]:
    return [[None if missing(value) else plain(value) for value in row] for row in frame.values.tolist()]


def plain(value: Any) -> Any:
    """Return a value of an array column as a list."""
    return value.tolist() if hasattr(value, "tolist") else value


def missing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def queries() -> dict[str, Any]:
    found = {}
    for way, given in WAYS.items():
        # A client cannot parse an array in its text form.
        query = QUERY.replace(" tags,", "") if way == "plain" else QUERY
        frame = wr.athena.read_sql_query(query, DATABASE, **{"s3_output": ROOT, **given})
        found[way] = {"rows": rows(frame), "types": {name: str(kind) for name, kind in frame.dtypes.items()}}
    chunks = wr.athena.read_sql_query(QUERY, DATABASE, s3_output=ROOT, chunksize=1)
    found["chunks"] = [len(chunk) for chunk in chunks]
    found["bound"] = rows(
        wr.athena.read_sql_query(
            "SELECT id FROM readings WHERE name LIKE ?",
            DATABASE,
            ctas_approach=False,
            s3_output=ROOT,
            params=["'E%'"],
            paramstyle="qmark",
        )
    )
    found["table"] = len(wr.athena.read_sql_table("readings", DATABASE, s3_output=ROOT))
    return found


def tables() -> dict[str, Any]:
    frame = pd.DataFrame(
        {"id": [1, 2, 3], "value": [0.5, None, 1.5], "day": ["2026-01-01", "2026-01-01", "2026-01-02"]}
    )
    path = f"{ROOT}counts/"
    written = wr.s3.to_parquet(frame, path, dataset=True, database=DATABASE, table="counts", partition_cols=["day"])
    wr.s3.to_parquet(
        frame[frame.day == "2026-01-02"].assign(value=9.0),
        path,
        dataset=True,
        database=DATABASE,
        table="counts",
        partition_cols=["day"],
        mode="overwrite_partitions",
    )
    counted = rows(wr.athena.read_sql_query("SELECT id, value, day FROM counts ORDER BY id", DATABASE, s3_output=ROOT))
    wider = frame.assign(note="n")
    wr.s3.to_parquet(
        wider,
        path,
        dataset=True,
        database=DATABASE,
        table="counts",
        partition_cols=["day"],
        mode="append",
        schema_evolution=True,
    )
    return {
        "partitions written": [*written["partitions_values"].values()],
        "rows": counted,
        "types": wr.catalog.get_table_types(DATABASE, "counts"),
        "partitions": sorted(wr.catalog.get_partitions(DATABASE, "counts").values()),
        "described": rows(wr.catalog.table(DATABASE, "counts")),
        "after append": rows(
            wr.athena.read_sql_query("SELECT count(*) AS n, count(note) AS notes FROM counts", DATABASE, s3_output=ROOT)
        ),
    }


def repaired() -> dict[str, Any]:
    frame = pd.DataFrame({"id": [7]})
    wr.s3.to_csv(frame, f"{ROOT}repaired/day=2026-02-01/one.csv", index=False, header=False)
    wr.catalog.create_csv_table(
        DATABASE, "repaired", f"{ROOT}repaired/", {"id": "bigint"}, partitions_types={"day": "string"}
    )
    state = wr.athena.repair_table("repaired", DATABASE, s3_output=ROOT)
    wr.athena.create_ctas_table(
        "SELECT id FROM repaired", DATABASE, "copied", DATABASE, s3_output=ROOT, wait=True, storage_format="orc"
    )
    return {
        "state": state,
        "rows": rows(wr.athena.read_sql_query("SELECT * FROM repaired", DATABASE, s3_output=ROOT)),
        "copied": rows(wr.athena.read_sql_table("copied", DATABASE, s3_output=ROOT)),
        "definition": wr.athena.show_create_table("repaired", DATABASE, s3_output=ROOT).split("\n")[0],
        "described": rows(wr.athena.describe_table("repaired", DATABASE, s3_output=ROOT)),
    }


def iceberg() -> dict[str, Any]:
    frame = pd.DataFrame({"id": [1, 2], "name": ["a", "b"]})
    given = {
        "database": DATABASE,
        "table": "iced",
        "table_location": f"{ROOT}iced/",
        "temp_path": f"{ROOT}iced-temporary/",
        "s3_output": ROOT,
        # The next call would read the files of this one too.
        "keep_files": False,
    }
    wr.athena.to_iceberg(frame, **given)
    wr.athena.to_iceberg(
        pd.DataFrame({"id": [2, 3], "name": ["B", "c"], "more": [1.5, 2.5]}),
        **given,
        merge_cols=["id"],
        schema_evolution=True,
    )
    wr.athena.delete_from_iceberg_table(
        pd.DataFrame({"id": [1]}), DATABASE, "iced", merge_cols=["id"], temp_path=f"{ROOT}gone/", s3_output=ROOT
    )
    found = wr.athena.read_sql_query("SELECT * FROM iced ORDER BY id", DATABASE, s3_output=ROOT)
    return {"rows": rows(found), "columns": [*found.columns]}


def main() -> None:
    found = {"queries": queries(), "tables": tables(), "repaired": repaired(), "iceberg": iceberg()}
    found["left"] = [table for table in wr.catalog.tables(database=DATABASE)["Table"] if table.startswith("temp_table")]
    print(json.dumps(found, default=str))


if __name__ == "__main__":
    main()
