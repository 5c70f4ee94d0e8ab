"""JSON paths by the operators of https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-json."""

from typing import Any

import pytest

from glue_local.core.faults import Invalid
from glue_local.crawler_runs.json_path import parse_json_path, select

DOCUMENT = {"a": {"b c": [{"d": 1}, {"d": 2}, {}]}, "e": None}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$", [DOCUMENT]),
        ("$.e", [None]),
        ("$.a['b c'][*].d", [1, 2]),
        ("$['a']['b c'][1].d", [2]),
        ("$.a.*[0].d", [1]),
        ("$.nothing[*].x", []),
        ("$[*].*[1].d", [2]),
    ],
)
def test_paths(path: str, values: list[Any]) -> None:
    assert list(select(DOCUMENT, parse_json_path(path))) == values


@pytest.mark.parametrize("path", ["", "a", "$a", "$..a", "$.a[", "$.a[-1]", "$['a','b']", "$.a[?(@.b)]"])
def test_invalid_paths(path: str) -> None:
    with pytest.raises(Invalid, match="JsonPath"):
        parse_json_path(path)
