"""The processors of a destination, in the order in which Firehose applies them."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any


def enabled(destination: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the parameters of the enabled processors, by type."""
    processing = destination.get("ProcessingConfiguration", {})
    if not processing.get("Enabled"):
        return {}
    return {
        processor["Type"]: {p["ParameterName"]: p["ParameterValue"] for p in processor.get("Parameters", [])}
        for processor in processing.get("Processors", [])
    }


def sub_record_delimiter(parameters: Mapping[str, str]) -> bytes:
    """Return the delimiter of RecordDeAggregation, which its parameter has in Base64."""
    try:
        return base64.b64decode(parameters["Delimiter"], validate=True)
    except binascii.Error as error:
        raise ValueError(f"Delimiter {parameters['Delimiter']!r} is not Base64: {error}") from None
