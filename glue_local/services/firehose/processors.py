"""Validate a destination's processors and dynamic partitioning.

Pages: https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html,
https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.services.firehose.extra import check_extra
from glue_local.services.firehose.jq_queries import check_query

PARTITIONING = "DynamicPartitioningConfiguration"
_FROM_QUERY = "!{partitionKeyFromQuery:"
_LEAST_PARTITIONED = 64  # MiB
# The parameters that a processor requires, and its optional ones.
_PARAMETERS: dict[str, tuple[set[str], set[str]]] = {
    "AppendDelimiterToRecord": (set(), {"Delimiter"}),
    "CloudWatchLogProcessing": ({"DataMessageExtraction"}, set()),
    "Decompression": ({"CompressionFormat"}, set()),
    "MetadataExtraction": ({"MetadataExtractionQuery", "JsonParsingEngine"}, set()),
    "RecordDeAggregation": ({"SubRecordType"}, {"Delimiter"}),
}
_VALUES = {
    "CompressionFormat": ("GZIP",),
    "DataMessageExtraction": ("true", "false"),
    "JsonParsingEngine": ("JQ-1.6",),
    "SubRecordType": ("JSON", "DELIMITED"),
}


def check_processing(destination: Mapping[str, Any]) -> None:
    """Raise Invalid for processors or dynamic partitioning that Firehose refuses, NotEmulated for a Lambda processor."""
    processors = _checked_processors(destination)
    if is_partitioned(destination):
        _check_partitioning(destination, processors)
    elif "MetadataExtraction" in processors:
        raise Invalid("The processor MetadataExtraction needs DynamicPartitioningConfiguration with Enabled true.")
    elif _FROM_QUERY in destination.get("Prefix", ""):
        raise Invalid(f"{_FROM_QUERY}…}} in Prefix needs DynamicPartitioningConfiguration with Enabled true.")
    if "CloudWatchLogProcessing" in processors and "Decompression" not in processors:
        raise Invalid("The processor CloudWatchLogProcessing needs the processor Decompression.")
    if processors.get("RecordDeAggregation", {}).get("SubRecordType") == "DELIMITED":
        _check_delimiter(processors["RecordDeAggregation"])


def is_partitioned(destination: Mapping[str, Any]) -> bool:
    """Return whether a destination has dynamic partitioning."""
    return bool(destination.get(PARTITIONING, {}).get("Enabled"))


def check_update(old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Raise Invalid if an update turns dynamic partitioning on or off: only creation can set it."""
    if is_partitioned(old) != is_partitioned(new):
        raise Invalid("Dynamic partitioning cannot be enabled or disabled on an existing delivery stream.")


def _checked_processors(destination: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    processing = destination.get("ProcessingConfiguration", {})
    found: dict[str, dict[str, str]] = {}
    for processor in processing.get("Processors", []) if processing.get("Enabled") else []:
        kind = processor["Type"]
        if kind not in _PARAMETERS:
            raise NotEmulated(f"The processor {kind} is not emulated: use one of {', '.join(_PARAMETERS)}.")
        if kind in found:
            raise Invalid(f"The processor {kind} is given twice.")
        found[kind] = {p["ParameterName"]: p["ParameterValue"] for p in processor.get("Parameters", [])}
        _check_parameters(kind, found[kind])
    return found


def _check_parameters(kind: str, given: dict[str, str]) -> None:
    needed, optional = _PARAMETERS[kind]
    if missing := needed - set(given):
        raise Invalid(f"The processor {kind} needs the parameter {min(missing)}.")
    if unknown := set(given) - needed - optional:
        raise Invalid(f"The processor {kind} has no parameter {min(unknown)}.")
    for name, values in _VALUES.items():
        if name in given and given[name] not in values:
            raise Invalid(f"{name} of the processor {kind} must be {' or '.join(values)}, not {given[name]!r}.")


def _check_delimiter(given: dict[str, str]) -> None:
    try:
        delimiter = base64.b64decode(given.get("Delimiter", ""), validate=True)
    except binascii.Error:
        delimiter = b""
    if not delimiter:
        raise Invalid("RecordDeAggregation with SubRecordType DELIMITED needs a Delimiter in Base64.")


def _check_partitioning(destination: Mapping[str, Any], processors: dict[str, dict[str, str]]) -> None:
    check_extra("firehose", "Dynamic partitioning")
    if "MetadataExtraction" not in processors:
        raise Invalid("Dynamic partitioning needs the processor MetadataExtraction.")
    if _FROM_QUERY not in destination.get("Prefix", ""):
        raise Invalid(f"Dynamic partitioning needs an expression {_FROM_QUERY}…}} in Prefix.")
    hints = destination.get("BufferingHints", {})
    if hints.get("SizeInMBs", _LEAST_PARTITIONED) < _LEAST_PARTITIONED:
        raise Invalid("BufferingHints.SizeInMBs must be at least 64 when dynamic partitioning is enabled.")
    if hints.get("IntervalInSeconds") == 0:
        raise Invalid("BufferingHints.IntervalInSeconds cannot be 0 when dynamic partitioning is enabled.")
    check_query(processors["MetadataExtraction"]["MetadataExtractionQuery"])
