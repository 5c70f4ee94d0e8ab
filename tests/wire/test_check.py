"""Requests held against AWS's models, and pages."""

import pytest

from glue_local.core.faults import Invalid, Malformed
from glue_local.wire.check import check
from glue_local.wire.model import operation_model, service_model
from glue_local.wire.paging import page
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


def test_a_missing_member_is_named_in_awss_words() -> None:
    with pytest.raises(Malformed) as caught:
        check(operation_model("glue", "GetDatabase").input_shape, {})
    assert caught.value.message == (
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
    )


def test_a_wrong_type_does_not_reach_the_operation() -> None:
    with pytest.raises(Malformed) as caught:
        check(operation_model("glue", "GetDatabase").input_shape, {"Name": 1})
    assert caught.value.code == "SerializationException"


def test_pages_cover_everything_once_and_refuse_foreign_tokens() -> None:
    seen, token = [], None
    for _ in range(3):
        found, token = page(range(25), {"MaxResults": 10, "NextToken": token}, 100)
        seen += found
    assert seen == list(range(25))
    assert token is None
    with pytest.raises(Invalid):
        page([1], {"NextToken": "foreign"}, 10)
