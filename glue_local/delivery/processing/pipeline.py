"""The processing steps from a source's records to an object's records."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from glue_local.delivery.buffer import Arrival
from glue_local.delivery.processing import cloudwatch_logs, kpl, sub_records
from glue_local.delivery.processing.errors import Unprocessable
from glue_local.delivery.processing.processors import enabled, sub_record_delimiter


class Pipeline:
    """Deaggregates records, decompresses them, and splits those with several documents, in this order."""

    def __init__(self, destination: Mapping[str, Any], of_kinesis: bool) -> None:
        self._processors, self._of_kinesis = enabled(destination), of_kinesis
        self._keys = None
        if destination.get("DynamicPartitioningConfiguration", {}).get("Enabled"):
            # Imported by name: jq belongs to the extra "firehose", which is only needed for dynamic partitioning.
            module = import_module("glue_local.delivery.processing.partition_keys")
            self._keys = module.PartitionKeys(destination)

    def user_records(self, arrival: Arrival) -> list[Arrival]:
        """Return the records that a producer sent: those inside an aggregated one, or the record itself."""
        inside = kpl.user_records(arrival.data) if self._of_kinesis else None
        if inside is None:
            return [arrival]
        return [arrival._replace(data=data, sub=place) for place, data in enumerate(inside)]

    def process(self, record: Arrival) -> list[Arrival]:
        """Return the records to deliver for a source record; raises Unprocessable."""
        records = [record]
        if "Decompression" in self._processors:
            records = [self._decompressed(record)]
        if self._processors.get("CloudWatchLogProcessing", {}).get("DataMessageExtraction", "").lower() == "true":
            records = self._messages(records[0])
        if "RecordDeAggregation" in self._processors:
            records = [part for each in records for part in self._parts(each)]
        return records

    def partition_keys(self, record: Arrival) -> tuple[tuple[str, str], ...]:
        """Return the partition keys of a processed record, none without dynamic partitioning; raises Unprocessable."""
        keys: tuple[tuple[str, str], ...] = self._keys.of(record.data) if self._keys else ()
        return keys

    def _decompressed(self, record: Arrival) -> Arrival:
        try:
            data = cloudwatch_logs.decompress(record.data)
        except ValueError as error:
            raise Unprocessable("decompression-failed", "Decompression.Failed", str(error)) from None
        # Error records after this step contain the original record.
        return record._replace(data=data, raw=record.data)

    def _messages(self, record: Arrival) -> list[Arrival]:
        try:
            return [record._replace(data=message) for message in cloudwatch_logs.messages(record.data)]
        except ValueError as error:
            raise Unprocessable("processing-failed", "CloudWatchLogProcessing.Failed", str(error)) from None

    def _parts(self, record: Arrival) -> list[Arrival]:
        parameters = self._processors["RecordDeAggregation"]
        if parameters["SubRecordType"] == "JSON":
            parts = sub_records.json_objects(record.data)
        else:
            parts = sub_records.delimited(record.data, sub_record_delimiter(parameters))
        return [record._replace(data=part) for part in parts]
