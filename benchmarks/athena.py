"""Athena: start, small queries, a gigabyte of Parquet and of gzip JSON against the same Trino asked directly, result pages.

``python -m benchmarks.athena MEGABYTES`` prints the figures for tables of another size, without a row in the table.
"""

import gzip
import io
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.figures import Figure, median_seconds, seconds
from glue_local.client import athena
from glue_local.client.clients import local
from glue_local.query.engine.catalogs import Place
from glue_local.query.engine.client import Execution, run
from glue_local.query.engine.engine import Engine, EngineSettings
from glue_local.server import Server
from glue_local.settings import Settings, machine
from tests.e2e.stack import free_port

MEGABYTES = 1000
PAGED, PAGE = 1_000_000, 1000
_FILES, _ROUNDS, _SMALL = 8, 5, 20
_MEMORY = 3072  # MB: the distinct texts of a gigabyte do not fit in the default's share for one query
_BUCKET, _RESULTS = "benchmark", "s3://benchmark/results/"
_CATALOG, _ACCOUNT, _REGION = "awsdatacatalog", "000000000000", "us-east-1"
_QUERY = "SELECT road, count(*), avg(speed), max(id), count(DISTINCT note) FROM {} GROUP BY road"
_COLUMNS = [("id", "bigint"), ("road", "string"), ("speed", "double"), ("note", "string")]
_PARQUET = ("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe")  # fmt: skip
_JSON = ("org.apache.hadoop.mapred.TextInputFormat", "org.openx.data.jsonserde.JsonSerDe")

Clients = Callable[[str], Any]


def measure(megabytes: int = MEGABYTES) -> Iterator[Figure]:
    """Measure with tables of ``megabytes`` of stored data."""
    yield from _start()
    with _with_engine() as (clients, engine):
        yield from _pages(clients)
        for name, (format_, write) in {"parquet": (_PARQUET, _parquet), "gzip_json": (_JSON, _gzip_json)}.items():
            size = _table(clients, name, format_, write, megabytes)
            yield _ratio(clients, engine, name, size)


def _start() -> Iterator[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Settings(port=0, data_dir=Path(folder), children=("query",))) as server,
    ):
        clients = _clients(server.endpoint)
        clients("s3").create_bucket(Bucket=_BUCKET)
        first = seconds(lambda: _ask(clients, "SELECT 1"))
        yield Figure(
            "Athena: first query after a start", f"{first:.1f} s", "≤ 15 s", first <= 15, "with the engine's start"
        )
        for _ in range(_SMALL):
            _ask(clients, "SELECT 1")
        warm = 1000 * median_seconds(lambda: _ask(clients, "SELECT 1"), _SMALL)
        detail = f"StartQueryExecution until SUCCEEDED, median of {_SMALL}"
        yield Figure("Athena: warm small query", f"{warm:.0f} ms", "≤ 100 ms", warm <= 100, detail)


@contextmanager
def _with_engine() -> Iterator[tuple[Clients, str]]:
    """Run a server on an engine of our own, whose address is known, so that both can be asked."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(f"http://127.0.0.1:{port}", _ACCOUNT, _REGION)
        engine = Engine(EngineSettings(machine().cache, Path(folder) / "trino", _MEMORY, place), lambda line: None)
        settings = Settings(port=port, data_dir=Path(folder), children=("query",), trino=engine.url())
        try:
            with Server(settings) as server:
                clients = _clients(server.endpoint)
                clients("s3").create_bucket(Bucket=_BUCKET)
                clients("glue").create_database(DatabaseInput={"Name": "b"})
                yield clients, engine.url()
        finally:
            engine.close()


def _clients(endpoint: str) -> Clients:
    return cache(lambda service: local(service, endpoint_url=endpoint))


def _ask(clients: Clients, sql: str) -> dict[str, Any]:
    client = clients("athena")
    return athena.wait(client, athena.start(client, sql, database="b", output_location=_RESULTS))


def _table(
    clients: Clients, name: str, format_: tuple[str, str], write: Callable[[int], tuple[str, bytes]], megabytes: int
) -> int:
    """Make a table of one file, stored several times; return its bytes."""
    suffix, body = write(megabytes * 1_000_000 // _FILES)
    for number in range(_FILES):
        clients("s3").put_object(Bucket=_BUCKET, Key=f"{name}/{number}{suffix}", Body=body)
    descriptor = {
        "Columns": [{"Name": column, "Type": type_} for column, type_ in _COLUMNS],
        "Location": f"s3://{_BUCKET}/{name}/",
        "InputFormat": format_[0],
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": format_[1]},
    }
    table = {"Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": descriptor}
    clients("glue").create_table(DatabaseName="b", TableInput=table)
    return len(body) * _FILES


def _records(drawn: random.Random, count: int) -> dict[str, list[Any]]:
    return {
        "id": [drawn.getrandbits(60) for _ in range(count)],
        "road": [f"E{drawn.randrange(100)}" for _ in range(count)],
        "speed": [drawn.random() * 130 for _ in range(count)],
        "note": [f"{drawn.getrandbits(96):x}" for _ in range(count)],
    }


def _parquet(size: int) -> tuple[str, bytes]:
    rows = max(1000, size // 38)
    body = io.BytesIO()
    pq.write_table(pa.table(_records(random.Random(1), rows)), body, row_group_size=200_000)
    return ".parquet", body.getvalue()


def _gzip_json(size: int) -> tuple[str, bytes]:
    columns = _records(random.Random(2), max(1000, size // 47))
    lines = (json.dumps(dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True))
    return ".json.gz", gzip.compress(("\n".join(lines) + "\n").encode(), 1)


def _ratio(clients: Clients, engine: str, name: str, size: int) -> Figure:
    """Ask Athena and Trino in turn, so that other load on the machine meets both."""
    sql = _QUERY.format(name)
    run(Execution(engine, sql, _CATALOG, "b"))
    pairs = [
        (seconds(lambda: _ask(clients, sql)), seconds(lambda: run(Execution(engine, sql, _CATALOG, "b"))))
        for _ in range(_ROUNDS)
    ]
    ours, direct = (statistics.median(each) for each in zip(*pairs, strict=True))
    detail = f"{ours:.1f} s : {direct:.1f} s, {size / 1e6:.0f} MB, medians of {_ROUNDS}"
    what = f"Athena vs. Trino asked directly, {name.replace('_', ' ')}"
    return Figure(what, f"{ours / direct:.2f}×", "≤ 1.1×", ours / direct <= 1.1, detail)


def _pages(clients: Clients) -> Iterator[Figure]:
    sql = f"SELECT a * {PAGE} + b AS n FROM unnest(sequence(1, {PAGED // PAGE})) x(a), unnest(sequence(1, {PAGE})) y(b)"
    query_id = str(_ask(clients, sql)["QueryExecutionId"])
    pages = clients("athena").get_paginator("get_query_results").paginate(QueryExecutionId=query_id)
    times, rows, began = [], 0, time.perf_counter()
    for page in pages:
        rows += len(page["ResultSet"]["Rows"])
        now = time.perf_counter()
        times.append(now - began)
        began = now
    assert rows == PAGED + 1, "the header is a row"
    tenth = len(times) // 10
    first, last = (statistics.median(each) for each in (times[:tenth], times[-tenth:]))
    detail = f"{1000 * last:.0f} ms : {1000 * first:.0f} ms, {PAGED} rows in pages of {PAGE}, {sum(times):.0f} s in all"
    what = "GetQueryResults, the last pages vs. the first"
    yield Figure(what, f"{last / first:.2f}×", "≤ 1.2×", last / first <= 1.2, detail)


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if sys.argv[1:] else MEGABYTES):
        print(" | ".join(map(str, figure)), flush=True)
