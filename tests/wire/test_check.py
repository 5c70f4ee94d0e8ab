"""Validation of requests against AWS's models, and pagination."""

import base64

import pytest

from glue_local.core.faults import Invalid, Malformed
from glue_local.services.paging import page
from glue_local.wire.check import check
from glue_local.wire.model import operation_model, service_model
from glue_local.wire.patterns import matches


def _patterns() -> set[str]:
    shapes = [service_model(name) for name in ("glue", "firehose")]
    found = (model.shape_for(name).metadata.get("pattern") for model in shapes for name in model.shape_names)
    return {pattern for pattern in found if pattern}


def test_every_pattern_of_the_models_compiles() -> None:
    patterns = _patterns()
    assert len(patterns) > 50
    for pattern in patterns:
        assert isinstance(matches(pattern, "a"), bool)


def test_a_missing_member_has_awss_message() -> None:
    with pytest.raises(Malformed) as caught:
        check(operation_model("glue", "GetDatabase").input_shape, {})
    assert caught.value.message == (
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1, "NUMBER_VALUE can not be converted to String at 'name'"),
        (True, "TRUE_VALUE can not be converted to String at 'name'"),
        ([], "Start of list found where not expected at 'name'"),
        ({}, "Start of structure or map found where not expected at 'name'"),
    ],
)
def test_a_wrong_type_does_not_reach_the_operation(value: object, message: str) -> None:
    with pytest.raises(Malformed) as caught:
        check(operation_model("glue", "GetDatabase").input_shape, {"Name": value})
    assert (caught.value.code, caught.value.message) == ("SerializationException", message)


@pytest.mark.parametrize("data", ["a", "é", "====", "!"])
def test_data_that_is_not_base64_is_refused(data: str) -> None:
    request = {"DeliveryStreamName": "s", "Record": {"Data": data}}
    with pytest.raises(Malformed) as caught:
        check(operation_model("firehose", "PutRecord").input_shape, request)
    assert (caught.value.code, "is not base64" in caught.value.message) == ("SerializationException", True)


def test_data_that_is_too_long_is_not_shown() -> None:
    data = base64.b64encode(bytes(1_024_001)).decode()
    request = {"DeliveryStreamName": "s", "Record": {"Data": data}}
    with pytest.raises(Malformed) as caught:
        check(operation_model("firehose", "PutRecord").input_shape, request)
    assert "java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]" in caught.value.message
    assert len(caught.value.message) < 300


def test_pages_return_every_item_once_and_refuse_tokens_of_other_listings() -> None:
    seen, token = [], None
    for _ in range(3):
        found, token = page(range(25), {"MaxResults": 10, "NextToken": token}, 100, listing=("L",), key=int)
        seen += found
    assert seen == list(range(25))
    assert token is None
    _, of_numbers = page(range(25), {}, 10, listing=("L",), key=int)
    for foreign in ("foreign", "WzFd", "MQ==", "WyJ4IiwgMV0=", of_numbers):
        with pytest.raises(Invalid):
            page(["a"], {"NextToken": foreign}, 10, listing=("L",), key=str)
    with pytest.raises(Invalid):
        page(range(25), {"NextToken": of_numbers}, 10, listing=("M",), key=int)
