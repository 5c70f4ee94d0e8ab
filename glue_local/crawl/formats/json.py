"""JSON: documents or lines. A top-level array is one record with one column, ``array``, as AWS sees it.

https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-json
"""

import json
import re
from dataclasses import replace
from typing import Any

from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.text import decoded
from glue_local.crawl.sample import Sample
from glue_local.crawl.types import STRING, Columns, Type, merge, merge_columns
from glue_local.crawler_runs.json_path import parse_json_path, select

_MOST_RECORDS = 1000
_SPACE = re.compile(r"\s*")
_INT = 2**31
_BIGINT = 2**63


def recognise(sample: Sample) -> Found | None:
    """Return the columns of JSON objects, in the order in which they appear first."""
    text = decoded(sample)
    if text is None or text.lstrip()[:1] not in ("{", "["):
        return None
    is_array = text.lstrip()[0] == "["
    values, used, valid = _elements(text) if is_array else _values(text)
    if not values and valid and sample.longer is not None:
        return recognise(sample.longer())
    if not values or (not valid) or not (is_array or all(isinstance(value, dict) for value in values)):
        return None
    if is_array:
        return _found(sample, {"array": _type(values)}, 1, len(text))
    columns: Columns = {}
    for value in values:
        columns = merge_columns(columns, {name: _type(each) for name, each in value.items()})
    return _found(sample, columns, len(values), used)


def recognise_at(sample: Sample, path: str) -> Found | None:
    """Return the columns of the objects at a JSON path; values that are no objects are the column ``record``."""
    text = decoded(sample)
    if text is None or text.lstrip()[:1] not in ("{", "["):
        return None
    is_array = text.lstrip()[0] == "["
    documents, used, valid = _elements(text) if is_array else _values(text)
    if not documents and valid and sample.longer is not None:
        return recognise_at(sample.longer(), path)
    if not valid:
        return None
    steps = parse_json_path(path)
    found = [each for document in ([documents] if is_array else documents) for each in select(document, steps)]
    if not found:
        return None
    columns: Columns = {}
    for value in found:
        record = value if isinstance(value, dict) else {"record": value}
        columns = merge_columns(columns, {name: _type(each) for name, each in record.items()})
    return replace(_found(sample, columns, len(found), used), parameters={"jsonPath": path}, layout=(path,))


def _found(sample: Sample, columns: Columns, records: int, used: int) -> Found:
    size = used / records
    whole = used >= len(sample.head.decode("utf-8", "ignore").rstrip()) and sample.is_complete
    share = 1.0 if whole else sample.size / max(sample.read * used / max(len(sample.head), 1), 1)
    paths = ",".join(sorted(columns))
    return Found("json", sample.compression, columns, records * share, size, {"paths": paths})


def _values(text: str) -> tuple[list[Any], int, bool]:
    """Return the first values of a stream, the length of their text, and whether the text is valid so far."""
    decoder, at = json.JSONDecoder(), 0
    found: list[Any] = []
    while len(found) < _MOST_RECORDS:
        start = _space(text, at)
        if start == len(text):
            return found, start, True
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError) as error:
            return found, at, _is_cut(text, start, error)
        found.append(value)
    return found, at, True


def _elements(text: str) -> tuple[list[Any], int, bool]:
    decoder = json.JSONDecoder()
    found: list[Any] = []
    at = _space(text, _space(text, 0) + 1)
    while len(found) < _MOST_RECORDS and at < len(text) and text[at] != "]":
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            return found, at, _is_cut(text, at, error)
        found.append(value)
        at = _space(text, at)
        if text[at : at + 1] == ",":
            at = _space(text, at + 1)
        elif at < len(text) and text[at] != "]":
            return found, at, False
    return found, at, True


def _is_cut(text: str, start: int, error: Exception) -> bool:
    """Return whether a value is incomplete because the sample ends, and not malformed."""
    position = getattr(error, "pos", 0)
    # An unterminated string is reported at its beginning; other errors where the text ends.
    return "Unterminated string" in str(error) or position >= len(text.rstrip()) - 1


def _space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _type(value: Any) -> Type:
    if value is None:
        return None
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "int" if -_INT <= value < _INT else "bigint" if -_BIGINT <= value < _BIGINT else "double"
    if isinstance(value, float):
        return "double"
    if isinstance(value, dict):
        return ("struct", {name: _type(each) for name, each in value.items()})
    if isinstance(value, list):
        inner: Type = None
        for each in value:
            inner = merge(inner, _type(each))
        return ("array", inner)
    return STRING
