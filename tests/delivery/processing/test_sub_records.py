"""Multi-record de-aggregation."""

import pytest

from glue_local.delivery.processing.sub_records import delimited, json_objects


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        # AWS's examples.
        (b'{"a":1}{"a":2}', [b'{"a":1}', b'{"a":2}']),
        (b'{"a":1}\n{"a":2}', [b'{"a":1}', b'{"a":2}']),
        (b'[{"a":1}, {"a":2}]', [b'[{"a":1}, {"a":2}]']),
        # Unchanged: whitespace, the order of members and numbers are kept.
        (' {"b": 1.0, "a": "é"} \r\n'.encode(), ['{"b": 1.0, "a": "é"}'.encode()]),
        (b'{"a":1} no json', [b'{"a":1} no json']),
        (b"\xff", [b"\xff"]),
        (b" ", [b" "]),
        (b'{"a":1}' * 500, [b'{"a":1}'] * 500),
        (b'{"a":1}' * 501, [b'{"a":1}' * 501]),
    ],
)
def test_consecutive_json_objects_are_records(data: bytes, parts: list[bytes]) -> None:
    assert json_objects(data) == parts


def test_parts_between_delimiters_are_records() -> None:
    assert delimited(b"a####b####", b"####") == [b"a", b"b"]
    assert delimited(b"a", b"####") == [b"a"]
    assert delimited(b"a," * 501, b",") == [b"a," * 501], "more than 500 stay one record"
