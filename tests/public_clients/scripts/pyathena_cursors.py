"""PyAthena: the same query with every cursor, with and without UNLOAD. Prints the rows of each as JSON."""

import asyncio
import functools
import json
import os
from typing import Any

import pandas as pd
from pyarrow import fs
from pyathena import aio_connect, connect
from pyathena.aio.arrow.cursor import AioArrowCursor
from pyathena.aio.cursor import AioCursor, AioDictCursor
from pyathena.aio.pandas.cursor import AioPandasCursor
from pyathena.aio.polars.cursor import AioPolarsCursor
from pyathena.aio.s3fs.cursor import AioS3FSCursor
from pyathena.arrow.async_cursor import AsyncArrowCursor
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor, AsyncDictCursor
from pyathena.cursor import Cursor, DictCursor
from pyathena.pandas.async_cursor import AsyncPandasCursor
from pyathena.pandas.cursor import PandasCursor
from pyathena.polars.async_cursor import AsyncPolarsCursor
from pyathena.polars.cursor import PolarsCursor
from pyathena.s3fs.async_cursor import AsyncS3FSCursor
from pyathena.s3fs.cursor import S3FSCursor

PLACE = {
    "s3_staging_dir": os.environ["STAGING"],
    "schema_name": os.environ["DATABASE"],
    "region_name": "us-east-1",
    "poll_interval": 0.05,
}
QUERY = "SELECT * FROM readings WHERE id <= %(most)d ORDER BY id"
# These read their results from S3, so they support UNLOAD.
FRAMES = ("Pandas", "Arrow", "Polars")


ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
# PyAthena passes no endpoint to the S3 clients of Arrow and Polars, and pyarrow's reads no variable for it.
fs.S3FileSystem = functools.partial(fs.S3FileSystem, endpoint_override=ENDPOINT)


def options(cursor: type) -> list[dict[str, bool]]:
    return [{}, {"unload": True}] if any(name in cursor.__name__ for name in FRAMES) else [{}]


def named(cursor: type, given: dict[str, bool]) -> str:
    return " ".join([cursor.__name__, *given])


def plain(row: Any) -> list[Any]:
    return [of_python(value) for value in (row.values() if isinstance(row, dict) else row)]


def of_python(value: Any) -> Any:
    """Convert numpy's and pandas' values to Python's, and their missing values to None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return None if isinstance(value, float | type(pd.NaT)) and value != value else value


def blocking() -> dict[str, Any]:
    rows = {}
    with connect(**PLACE) as connection:
        for cursor in (Cursor, DictCursor, PandasCursor, ArrowCursor, PolarsCursor, S3FSCursor):
            for given in options(cursor):
                with connection.cursor(cursor, **given) as one:
                    found = one.execute(QUERY, {"most": 2}).fetchall()
                    rows[named(cursor, given)] = {
                        "rows": [plain(row) for row in found],
                        "columns": [column[0] for column in one.description],
                    }
    return rows


def futures() -> dict[str, Any]:
    rows = {}
    with connect(**PLACE) as connection:
        cursors = (
            AsyncCursor,
            AsyncDictCursor,
            AsyncPandasCursor,
            AsyncArrowCursor,
            AsyncPolarsCursor,
            AsyncS3FSCursor,
        )
        for cursor in cursors:
            for given in options(cursor):
                with connection.cursor(cursor, **given) as one:
                    _, future = one.execute(QUERY, {"most": 2})
                    result = future.result()
                    rows[named(cursor, given)] = {
                        "rows": [plain(row) for row in result.fetchall()],
                        "columns": [column[0] for column in result.description],
                    }
    return rows


async def native() -> dict[str, Any]:
    rows = {}
    async with await aio_connect(**PLACE) as connection:
        for cursor in (AioCursor, AioDictCursor, AioPandasCursor, AioArrowCursor, AioPolarsCursor, AioS3FSCursor):
            for given in options(cursor):
                async with connection.cursor(cursor, **given) as one:
                    await one.execute(QUERY, {"most": 2})
                    found = one.fetchall()
                    if asyncio.iscoroutine(found):
                        found = await found
                    rows[named(cursor, given)] = {
                        "rows": [plain(row) for row in found],
                        "columns": [column[0] for column in one.description],
                    }
    return rows


def main() -> None:
    print(json.dumps({**blocking(), **futures(), **asyncio.run(native())}, default=str))


if __name__ == "__main__":
    main()
