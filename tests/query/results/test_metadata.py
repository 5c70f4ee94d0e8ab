"""The metadata object, decoded as a protocol buffer: the field numbers are those that other clients expect."""

from collections.abc import Iterator

from glue_local.query.results.metadata import metadata
from glue_local.query.results.types import column_info
from glue_local.query.statement import Column


def fields(content: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(content):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            size = varint()
            yield tag >> 3, content[at : at + size]
            at += size


def test_columns_are_found_by_number() -> None:
    content = metadata("id", [column_info(Column("name", "varchar")), column_info(Column("n", "decimal(10,2)"))])
    (_, query_id), *columns = fields(content)
    assert query_id == b"id"
    assert [number for number, _ in columns] == [4, 4]
    first, second = (dict(fields(column)) for _, column in columns if isinstance(column, bytes))
    assert first == {1: b"hive", 4: b"name", 5: b"name", 6: b"varchar", 7: 2147483647, 8: 0, 9: 3, 10: 1}
    assert (second[6], second[7], second[8]) == (b"decimal", 10, 2)
