"""Aggregated records, made by AWS's producer library."""

import pytest
from aws_kinesis_agg.aggregator import RecordAggregator

from glue_local.delivery.processing.kpl import user_records

MADE = [b"", b"\x00\xff", *(b"record %d" % number for number in range(300)), b"x" * 20_000]


def aggregated(records: list[bytes]) -> bytes:
    aggregator = RecordAggregator()
    for number, record in enumerate(records):
        assert aggregator.add_user_record(f"key {number % 7}", record, explicit_hash_key=str(number)) is None
    _, _, data = aggregator.clear_and_get().get_contents()
    return bytes(data)


def test_an_aggregated_record_is_deaggregated_in_order() -> None:
    assert user_records(aggregated(MADE)) == MADE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain",
        b"\xf3\x89\x9a\xc2",
        b"\xf3\x89\x9a\xc2 but not aggregated at all",
        aggregated([b"a", b"b"])[:-1] + b"\x00",
        aggregated([b"a", b"b"])[:-20],
    ],
)
def test_a_record_that_is_not_aggregated_is_unchanged(data: bytes) -> None:
    assert user_records(data) is None
