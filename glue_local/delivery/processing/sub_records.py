"""Multi-record de-aggregation: the JSON documents or the delimited parts of a record.

Page: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
"""

import json

MOST = 500
_DECODER = json.JSONDecoder()


def json_objects(data: bytes) -> list[bytes]:
    """Return the consecutive JSON objects of a record, unchanged; the record itself if it has none."""
    parts: list[bytes] = []
    try:
        text = data.decode()
        place = _after_space(text, 0)
        while place < len(text):
            document, end = _DECODER.raw_decode(text, place)
            if not isinstance(document, dict):
                return [data]
            parts.append(text[place:end].encode())
            place = _after_space(text, end)
    except (ValueError, RecursionError):
        return [data]
    return _limited(data, parts)


def delimited(data: bytes, delimiter: bytes) -> list[bytes]:
    """Return the parts of a record between delimiters, without empty ones."""
    return _limited(data, [part for part in data.split(delimiter) if part])


def _limited(data: bytes, parts: list[bytes]) -> list[bytes]:
    # Firehose does not split a record with more than 500 parts.
    return parts if 0 < len(parts) <= MOST else [data]


def _after_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place
