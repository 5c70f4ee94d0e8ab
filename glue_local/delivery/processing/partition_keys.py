"""Partition keys of dynamic partitioning, which a JQ query extracts from a record.

Page: https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import jq

from glue_local.delivery.processing.errors import Unprocessable
from glue_local.delivery.processing.processors import enabled

_KEY = re.compile(r"!\{partitionKeyFromQuery:([^}]*)\}")
_NO_VALUE = "partitionKeys values must not be null or empty"


class PartitionKeys:
    """Extracts the keys in a destination's prefix from JSON records."""

    def __init__(self, destination: Mapping[str, Any]) -> None:
        self._program = jq.compile(enabled(destination)["MetadataExtraction"]["MetadataExtractionQuery"])
        self._names = dict.fromkeys(_KEY.findall(destination["Prefix"]))

    def of(self, record: bytes) -> tuple[tuple[str, str], ...]:
        """Return the names and values of a record's keys; raises Unprocessable."""
        found = self._found(record)
        return tuple((name, _text(found.get(name))) for name in self._names)

    def _found(self, record: bytes) -> dict[str, Any]:
        try:
            text = record.decode()
            json.loads(text)
        except (ValueError, RecursionError):
            raise _failed("Non JSON record provided") from None
        try:
            found = self._program.input_text(text).first()
        except (ValueError, StopIteration) as error:
            raise _failed(str(error) or _NO_VALUE) from None
        if not isinstance(found, dict):
            raise _failed(_NO_VALUE)
        return found


def _text(value: Any) -> str:
    if value is None or value == "":
        raise _failed(_NO_VALUE)
    if isinstance(value, dict | list):
        raise _failed("partitionKeys values must not be objects or arrays")
    return value if isinstance(value, str) else json.dumps(value)


def _failed(message: str) -> Unprocessable:
    return Unprocessable("metadata-extraction-failed", "DynamicPartitioning.MetadataExtractionFailed", message)
