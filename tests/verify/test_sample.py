"""The published sample: reproducible, and awaited as long as events arrive."""

import gzip
from typing import Any

import pytest

from glue_local.promote.kinds import Account
from glue_local.verify.copies import Copies
from glue_local.verify.sample import Incomplete, await_delivery, publish

COPIES = Copies("i", "s", "f", "d", "s3://raw/verify/i/config/", ("raw", "verify/i/raw/"), {}, ("raw",), "verify/i/")


class Recording:
    """A client that records its put requests."""

    def __init__(self) -> None:
        self.records: list[bytes] = []
        self.objects: dict[str, bytes] = {}

    def put_records(self, StreamName: str, Records: list[Any]) -> Any:
        assert StreamName == "s"
        self.records += [each["Data"] for each in Records]
        return {"FailedRecordCount": 0, "Records": [{} for _ in Records]}

    def put_object(self, Bucket: str, Key: str, Body: bytes, **_rest: Any) -> None:
        self.objects[f"{Bucket}/{Key}"] = Body


def published(minutes: int) -> Recording:
    kept = Recording()
    count = publish(Account(lambda service: kept, "eu-west-1", "123456789012"), COPIES, minutes, 20)
    assert count == len(kept.records)
    return kept


def test_the_sample_is_reproducible() -> None:
    one, other = published(2), published(2)
    assert sorted(one.records) == sorted(other.records)
    assert one.objects == other.objects
    [key] = one.objects
    assert key.startswith("raw/verify/i/config/")


def test_the_first_event_waits_until_firehose_reads() -> None:
    kept, waited = Recording(), list[tuple[float, int]]()
    account = Account(lambda service: kept, "eu-west-1", "123456789012")
    publish(account, COPIES, 1, 5, 60.0, lambda seconds: waited.append((seconds, len(kept.records))))
    assert waited == [(60.0, 0)]
    assert len(kept.records) == 5


class Bucket:
    """A bucket that gains an object with two events at each listing."""

    def __init__(self, last: int) -> None:
        self.looks, self.last = 0, last

    def get_paginator(self, _name: str) -> "Bucket":
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Any:
        assert (Bucket, Prefix) == ("raw", "verify/i/raw/")
        self.looks = min(self.looks + 1, self.last)
        return [{"Contents": [{"Key": f"{n}.gz"} for n in range(self.looks)]}]

    def get_object(self, **_asked: Any) -> Any:
        return {"Body": self}

    def read(self) -> bytes:
        return gzip.compress(b"{}\n{}\n")


class Clock:
    """A clock that advances only by sleeping."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_delivery_is_awaited() -> None:
    clock = Clock()
    await_delivery(Bucket(last=5), COPIES, 6, clock, clock.sleep)
    assert clock.now == 2.0


def test_missing_events_raise_incomplete() -> None:
    clock = Clock()
    with pytest.raises(Incomplete, match=r"2 of 6 events did not arrive in s3://raw/verify/i/raw/ within 900 s"):
        await_delivery(Bucket(last=2), COPIES, 6, clock, clock.sleep)
    assert clock.now < 910
