"""A bucket and a crawler of it, and functions that crawl and read the Data Catalog back."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

_NUMBERS = count()


@dataclass
class Lake:
    """A bucket and a database of their own, with clients."""

    bucket: str
    database: str
    glue: Any
    s3: Any
    logs: Any

    def put(self, objects: Mapping[str, bytes | str]) -> None:
        """Store objects by their keys."""
        for key, body in objects.items():
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def create(self, path: str = "data/", *, target: Mapping[str, Any] | None = None, **definition: Any) -> str:
        """Create a crawler of a path and return its name."""
        name = f"crawler-{next(_NUMBERS)}"
        targets = {"S3Targets": [{"Path": f"s3://{self.bucket}/{path}", **(target or {})}]}
        members = {"Name": name, "Role": "r", "DatabaseName": self.database, "Targets": targets, **definition}
        self.glue.create_crawler(**members)
        return name

    def run(self, name: str) -> dict[str, Any]:
        """Run a crawler and return it when it is READY again."""
        self.glue.start_crawler(Name=name)
        end = time.monotonic() + 60
        while (crawler := self.glue.get_crawler(Name=name)["Crawler"])["State"] != "READY":
            assert time.monotonic() < end, "the crawler is still running"
            time.sleep(0.02)
        return dict(crawler)

    def crawl(self, path: str = "data/", **more: Any) -> str:
        """Create a crawler, run it successfully, and return its name."""
        name = self.create(path, **more)
        self.crawl_again(name)
        return name

    def crawl_again(self, name: str) -> None:
        """Run a crawler successfully."""
        last = self.run(name)["LastCrawl"]
        assert last["Status"] == "SUCCEEDED", last

    def tables(self) -> dict[str, dict[str, Any]]:
        """Return the tables by name."""
        pages = self.glue.get_paginator("get_tables").paginate(DatabaseName=self.database)
        return {table["Name"]: table for page in pages for table in page["TableList"]}

    def table(self) -> dict[str, Any]:
        """Return the only table."""
        [table] = self.tables().values()
        return table

    def partitions(self, table: str) -> dict[tuple[str, ...], dict[str, Any]]:
        """Return the partitions of a table by their values."""
        pages = self.glue.get_paginator("get_partitions").paginate(DatabaseName=self.database, TableName=table)
        return {tuple(each["Values"]): each for page in pages for each in page["Partitions"]}


def columns(table: Mapping[str, Any]) -> dict[str, str]:
    """Return the types of a table's or partition's columns, in order."""
    return {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}


def keys(table: Mapping[str, Any]) -> list[str]:
    """Return the names of a table's partition keys."""
    return [key["Name"] for key in table["PartitionKeys"]]


@pytest.fixture
def lake(aws: Callable[..., Any]) -> Lake:
    number = next(_NUMBERS)
    made = Lake(f"lake-{number}", f"db_{number}", aws("glue"), aws("s3"), aws("logs"))
    made.s3.create_bucket(Bucket=made.bucket)
    made.glue.create_database(DatabaseInput={"Name": made.database})
    return made
