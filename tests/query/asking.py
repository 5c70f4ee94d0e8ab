"""Helpers for queries in tests: start, wait, read rows as lists of text."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

_LONGEST = 300.0
"""Seconds: the engine starts with the first query, and the machine may be busy."""

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")


@dataclass(frozen=True)
class Asking:
    """A database, a bucket and the clients of one test."""

    athena: Any
    s3: Any
    glue: Any
    database: str
    bucket: str

    def start(self, sql: str, **more: Any) -> str:
        """Start a query and return its id."""
        given = {
            "QueryExecutionContext": {"Database": self.database},
            "ResultConfiguration": {"OutputLocation": f"s3://{self.bucket}/results/"},
            **more,
        }
        return str(self.athena.start_query_execution(QueryString=sql, **given)["QueryExecutionId"])

    def found(self, query_id: str) -> dict[str, Any]:
        """Return a QueryExecution."""
        query: dict[str, Any] = self.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
        return query

    def wait(self, query_id: str, *states: str) -> dict[str, Any]:
        """Wait for one of ``states``, by default for the end; return the QueryExecution."""
        end = time.monotonic() + _LONGEST
        while (query := self.found(query_id))["Status"]["State"] not in (states or ENDED):
            assert time.monotonic() < end, query["Status"]
            assert query["Status"]["State"] not in ENDED, query["Status"]
            time.sleep(0.02)
        return query

    def run(self, sql: str, **more: Any) -> dict[str, Any]:
        """Run a query to its end and return the QueryExecution."""
        return self.wait(self.start(sql, **more))

    def succeed(self, sql: str, **more: Any) -> dict[str, Any]:
        """Run a query that must succeed and return the QueryExecution."""
        query = self.run(sql, **more)
        assert query["Status"]["State"] == "SUCCEEDED", query["Status"]
        return query

    def rows(self, sql: str, **more: Any) -> list[list[str | None]]:
        """Run a query that must succeed and return its rows, the header first."""
        return self.result(self.succeed(sql, **more)["QueryExecutionId"])

    def result(self, query_id: str) -> list[list[str | None]]:
        """Return all rows of a result, read in pages."""
        pages = self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=query_id)
        return [
            [datum.get("VarCharValue") for datum in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]
        ]

    def content(self, uri: str) -> bytes:
        """Return an object."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        content: bytes = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content


def asking(aws: Callable[..., Any], account: str = "000000000000", region: str = "us-east-1") -> Asking:
    """Create a database and a bucket."""
    name = f"t{uuid4().hex[:12]}"
    clients = {service: aws(service, account, region) for service in ("athena", "s3", "glue")}
    made = Asking(**clients, database=name, bucket=name)
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    made.s3.create_bucket(Bucket=name, **where)
    made.glue.create_database(DatabaseInput={"Name": name})
    return made
