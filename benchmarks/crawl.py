"""A crawl of 10 000 partitions: the objects are listed, read and classified, and the partitions are written."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from glue_local.client.clients import local
from glue_local.server import Server
from glue_local.settings import Settings

PARTITIONS = 10_000
_LONGEST = 120.0  # seconds


def measure() -> Iterator[Figure]:
    """Measure a first crawl, and one that finds nothing new."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Settings(port=0, data_dir=Path(folder), children=())) as server,
    ):
        clients = {each: local(each, endpoint_url=server.endpoint) for each in ("s3", "glue")}
        s3, glue = clients["s3"], clients["glue"]
        s3.create_bucket(Bucket="lake")
        for at in range(PARTITIONS):
            s3.put_object(Bucket="lake", Key=f"data/day={at // 24}/hour={at % 24}/a.json", Body=f'{{"id": {at}}}\n')
        targets = {"S3Targets": [{"Path": "s3://lake/data/"}]}
        glue.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=targets)
        for what in ("", ", nothing new"):
            seconds = _crawl(glue)
            yield Figure(
                f"crawl, {PARTITIONS} partitions{what}", f"{seconds:.0f} s", "≤ 120 s", seconds <= _LONGEST, ""
            )


def _crawl(glue: Any) -> float:
    start = time.perf_counter()
    glue.start_crawler(Name="c")
    while (crawler := glue.get_crawler(Name="c")["Crawler"])["State"] != "READY":
        time.sleep(0.1)
    if crawler["LastCrawl"]["Status"] != "SUCCEEDED":
        raise RuntimeError(crawler["LastCrawl"])
    return time.perf_counter() - start
