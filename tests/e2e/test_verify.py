"""``glue-local verify`` on a whole stack: equal results, reported differences, and nothing left behind."""

import json
import re
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.e2e.stack import Stack, wait_until

pytestmark = [pytest.mark.long, pytest.mark.any_stack]

SET = ("--minutes", "2", "--points", "40")
BUCKETS = ("traffic-raw", "traffic-curated")


def verify(stack: Stack, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return stack.cli("verify", "local", "--port", str(stack.port), *SET, *arguments, check=False, seconds=600)


def objects(stack: Stack, prefix: str = "verify/") -> list[tuple[str, str]]:
    """Return (bucket, key) of all objects under a prefix."""
    s3 = stack.client("s3")
    return [
        (bucket, item["Key"])
        for bucket in BUCKETS
        for item in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    ]


def left(stack: Stack) -> list[str]:
    """Return the remaining resources of a verification, without objects."""
    databases = [each["Name"] for each in stack.client("glue").get_databases()["DatabaseList"]]
    streams = stack.client("kinesis").list_streams()["StreamNames"]
    deliveries = stack.client("firehose").list_delivery_streams()["DeliveryStreamNames"]
    return [name for name in (*databases, *streams, *deliveries) if "verify" in name]


@pytest.fixture(scope="module")
def kept(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The id of a kept verification with equal rows, and the local rows."""
    rows = tmp_path_factory.mktemp("verify") / "rows.json"
    done = verify(stack, "--keep", "--save", str(rows))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "local equals the local result, row for row: " in done.stdout
    *_, unique = re.findall(r"prefix verify/([0-9a-f]{8})/", done.stdout)
    return unique, rows


def test_the_result_is_equal_and_real_data_is_not_touched(stack: Stack, kept: tuple[str, Path]) -> None:
    counts = {name: len(found) for name, found in json.loads(kept[1].read_text()).items()}
    assert set(counts) == {"events", "quarantine", "rejected", "sites"}
    assert counts["events"] + counts["quarantine"] + counts["rejected"] == 80
    assert counts["sites"] > 20
    assert len(left(stack)) == 3
    assert {key.split("/")[1] for _, key in objects(stack)} == {kept[0]}
    assert objects(stack, "") == objects(stack), "the real locations are unchanged"
    assert stack.table("sites") == []
    glue = stack.client("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job_bookmark(JobName="repartition")


def test_a_changed_result_is_detected_and_nothing_is_left(stack: Stack, kept: tuple[str, Path]) -> None:
    unique, rows = kept
    s3 = stack.client("s3")
    bucket, key = next(each for each in objects(stack, f"verify/{unique}/sites/") if each[1].endswith(".parquet"))
    table = pq.read_table(pa.BufferReader(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
    at = table.schema.get_field_index("lanes")
    # One more lane at the first site.
    more = pa.array([1, *[0] * (table.num_rows - 1)], pa.int32())
    sink = pa.BufferOutputStream()
    pq.write_table(table.set_column(at, "lanes", pc.add(table["lanes"], more)), sink)
    s3.put_object(Bucket=bucket, Key=key, Body=sink.getvalue().to_pybytes())
    done = verify(stack, "--left", unique, "--expected", str(rows))
    assert done.returncode == 1, done.stdout
    assert "sites: 1 rows differ" in done.stdout
    [before, after] = re.findall(r"lanes: (\d+) → (\d+)", done.stdout)[0]
    assert int(after) == int(before) + 1
    assert "local differs from the local result in sites (" in done.stderr
    assert objects(stack) == []
    wait_until(lambda: not left(stack), 30, "streams to be gone, which are deleted behind the answer")
    again = verify(stack, "--left", unique, "--expected", str(rows))
    assert again.returncode == 1
    assert f"no verification {unique} was kept there" in again.stderr
