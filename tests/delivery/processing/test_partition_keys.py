"""Partition keys of records, extracted by JQ."""

from typing import Any

import pytest

from glue_local.delivery.processing.errors import Unprocessable
from glue_local.delivery.processing.partition_keys import PartitionKeys

# The query and the record of AWS's page.
QUERY = '{customer_id:.customer_id, device:.type.device, year:.event_timestamp|strftime("%Y"), hour:.event_timestamp|strftime("%H")}'
RECORD = (
    b'{"type": {"device": "mobile", "event": "user_clicked_submit_button"}, "customer_id": "1234567890",'
    b' "event_timestamp": 1565382027, "region": "sample_region"}'
)


def keys(query: str, prefix: str) -> PartitionKeys:
    parameters = [
        {"ParameterName": "MetadataExtractionQuery", "ParameterValue": query},
        {"ParameterName": "JsonParsingEngine", "ParameterValue": "JQ-1.6"},
    ]
    processors: list[Any] = [{"Type": "MetadataExtraction", "Parameters": parameters}]
    return PartitionKeys({"Prefix": prefix, "ProcessingConfiguration": {"Enabled": True, "Processors": processors}})


def test_the_keys_in_the_prefix_are_extracted() -> None:
    prefix = "!{partitionKeyFromQuery:year}/!{partitionKeyFromQuery:device}/!{partitionKeyFromQuery:hour}/"
    found = keys(QUERY, prefix).of(RECORD)
    assert found == (("year", "2019"), ("device", "mobile"), ("hour", "20"))


@pytest.mark.parametrize(
    ("value", "text"), [("7", "7"), ("1.5", "1.5"), ("true", "true"), ('"a b"', "a b"), ("0", "0")]
)
def test_values_are_written_as_in_json(value: str, text: str) -> None:
    assert keys("{k: .k}", "!{partitionKeyFromQuery:k}").of(b'{"k": %s}' % value.encode()) == (("k", text),)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (b"no json", "Non JSON record provided"),
        (b"\xff", "Non JSON record provided"),
        (b'{"k": {"n": 1}}{"k": {"n": 2}}', "Non JSON record provided"),
        (b"{}", "partitionKeys values must not be null or empty"),
        (b'{"k": {"n": ""}}', "partitionKeys values must not be null or empty"),
        (b'{"k": {"n": [1]}}', "partitionKeys values must not be objects or arrays"),
        (b'{"k": 1}', "Cannot index number with "),
    ],
)
def test_a_record_without_keys_is_an_error(record: bytes, message: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        keys("{k: .k.n}", "!{partitionKeyFromQuery:k}").of(record)
    failure = refused.value.failure
    assert failure[:2] == ("metadata-extraction-failed", "DynamicPartitioning.MetadataExtractionFailed")
    assert failure.message.startswith(message)
