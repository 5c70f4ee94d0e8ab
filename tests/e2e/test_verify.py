"""``glue-local verify`` on a whole stack: equal to the local result, or told where it is not, and nothing left behind."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.stack import ROOT, Stack

SET = ("--minutes", "2", "--points", "40")


def verify(stack: Stack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return stack.cli("verify", "local", "--port", str(stack.port), *SET, *arguments, check=False, seconds=600)


def left(stack: Stack) -> list[str]:
    """Return what a verification made that is still there."""
    s3 = stack.client("s3")
    objects = [
        f"s3://{bucket}/{item['Key']}"
        for bucket in ("traffic-raw", "traffic-curated")
        for item in s3.list_objects_v2(Bucket=bucket, Prefix="verify/").get("Contents", [])
    ]
    databases = [each["Name"] for each in stack.client("glue").get_databases()["DatabaseList"]]
    streams = stack.client("kinesis").list_streams()["StreamNames"]
    deliveries = stack.client("firehose").list_delivery_streams()["DeliveryStreamNames"]
    return [*objects, *(name for name in (*databases, *streams, *deliveries) if "verify" in name)]


@pytest.fixture(scope="module")
def rows(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The local rows, of a verification that found the stack's equal to them."""
    file = tmp_path_factory.mktemp("verify") / "rows.json"
    done = verify(stack, "--save", str(file))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "local equals the local result, row for row: " in done.stdout
    return file


def test_it_equals_the_local_result_and_leaves_nothing(stack: Stack, rows: Path) -> None:
    counts = {name: len(found) for name, found in json.loads(rows.read_text()).items()}
    assert set(counts) == {"events", "quarantine", "rejected", "sites"}
    assert counts["events"] + counts["quarantine"] + counts["rejected"] == 80
    assert counts["sites"] > 20
    assert left(stack) == []
    assert stack.raw_events() == [], "the real places were not written to"
    assert stack.table("sites") == []


def test_a_job_that_was_tampered_with_is_found(stack: Stack, rows: Path) -> None:
    script = (ROOT / "jobs" / "aggregate.py").read_text()
    assert "JAMMED = 40" in script
    where = {"Bucket": "glue-scripts", "Key": "jobs/aggregate.py"}
    stack.client("s3").put_object(**where, Body=script.replace("JAMMED = 40", "JAMMED = 500").encode())
    try:
        done = verify(stack, "--expected", str(rows))
    finally:
        stack.client("s3").put_object(**where, Body=script.encode())
    assert done.returncode == 1, done.stdout
    assert "traffic_jam_indicator: 0 → 1" in done.stdout
    assert "local differs from the local result in sites (" in done.stderr
    assert left(stack) == []
