"""GetPartitions with expressions over 100 000 partitions, compared with moto's own Glue and the same client."""

import logging
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import boto3
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from benchmarks.figures import Figure
from glue_local.server import Server
from glue_local.settings import Settings

KEYS = [{"Name": name, "Type": kind} for name, kind in (("year", "string"), ("month", "string"), ("day", "int"))]
KEYS.append({"Name": "hour", "Type": "int"})
EXPRESSIONS = {
    "leading keys": "year = '2016' AND month = '03' AND day = 4",
    "a range": "day BETWEEN 3 AND 4 AND month IN ('04', '05') AND hour = 8",
    "the last key": "hour = 0 AND day < 2 AND year LIKE '2%'",
}
COUNT, BATCH, TIMES = 100_000, 100, 5


def measure() -> Iterator[Figure]:
    """Measure the first page of each expression, as the median of five calls."""
    ours, theirs = _ours(), _motos()
    for what, milliseconds in ours.items():
        detail = f"moto's own Glue {theirs[what]:.0f} ms, {theirs[what] / milliseconds:.0f}× that"
        yield Figure(
            f"GetPartitions, {COUNT} partitions, {what}",
            f"{milliseconds:.0f} ms",
            "≤ 50 ms",
            milliseconds <= 50,
            detail,
        )


def _ours() -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Settings(port=0, data_dir=Path(folder), children=())) as server,
    ):
        return _times(server.endpoint)


def _motos() -> dict[str, float]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # no line per request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        return _times("http://{}:{}".format(*server.get_host_and_port()))
    finally:
        server.stop()


def _times(endpoint: str) -> dict[str, float]:
    glue = boto3.client(
        "glue", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    glue.create_database(DatabaseInput={"Name": "d"})
    columns = [{"Name": "speed", "Type": "int"}]
    table = {"Name": "t", "PartitionKeys": KEYS, "StorageDescriptor": {"Columns": columns, "Location": "s3://b/t"}}
    glue.create_table(DatabaseName="d", TableInput=table)
    for batch in _batches():
        inputs = [{"Values": values, "StorageDescriptor": {"Location": "s3://b/t"}} for values in batch]
        glue.batch_create_partition(DatabaseName="d", TableName="t", PartitionInputList=inputs)
    return {what: _milliseconds(glue, expression) for what, expression in EXPRESSIONS.items()}


def _batches() -> Iterable[list[list[str]]]:
    hours = product(range(2015, 2027), range(1, 13), range(1, 31), range(24))
    values = [[str(year), f"{month:02}", str(day), str(hour)] for year, month, day, hour in hours][:COUNT]
    return (values[start : start + BATCH] for start in range(0, COUNT, BATCH))


def _milliseconds(glue: Any, expression: str) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        assert glue.get_partitions(DatabaseName="d", TableName="t", Expression=expression)["Partitions"]
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)
