"""A delivery stream's record format conversion: its table's schema, and the objects it makes."""

import base64
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from glue_local.delivery.buffer import Arrival
from glue_local.delivery.formats.parquet import Failure, convert, schema_of

ERROR_TYPE = "format-conversion-failed"


class Objects(NamedTuple):
    """What a buffer becomes: the converted file, and the error records; either may be None."""

    converted: bytes | None
    errors: bytes | None


class Conversion:
    """Converts buffers of JSON to Parquet by a table of the Glue catalog, read once."""

    def __init__(self, configuration: dict[str, Any], glue: Any, account: str, region: str) -> None:
        schema = configuration["SchemaConfiguration"]
        self._told = _catalog_table(schema, account, region)
        table = glue.get_table(DatabaseName=schema["DatabaseName"], Name=schema["TableName"])["Table"]
        self._schema = schema_of(table["StorageDescriptor"]["Columns"])
        serializer = configuration["OutputFormatConfiguration"]["Serializer"]["ParquetSerDe"]
        self._compression = str(serializer.get("Compression", "SNAPPY")).replace("UNCOMPRESSED", "NONE")

    def objects(self, records: Sequence[Arrival], now: float) -> Objects:
        """Return the Parquet file and the error records, JSON lines in Firehose's shape; ``now`` in epoch seconds."""
        file, failures = convert((record.data for record in records), self._schema, self._compression)
        lines = [_error_record(records[place], failure, now, self._told) for place, failure in failures.items()]
        return Objects(file, "".join(f"{line}\n" for line in lines).encode() if lines else None)


def configured(destination: dict[str, Any]) -> dict[str, Any] | None:
    """Return a destination's conversion where it has one that is on."""
    conversion: dict[str, Any] = destination.get("DataFormatConversionConfiguration") or {}
    return conversion if conversion and conversion.get("Enabled", True) else None


def _catalog_table(schema: dict[str, Any], account: str, region: str) -> dict[str, str]:
    catalog, where = schema.get("CatalogId", account), schema.get("Region", region)
    return {
        "catalogId": catalog,
        "databaseName": schema["DatabaseName"],
        "tableName": schema["TableName"],
        "region": where,
        "versionId": schema.get("VersionId", "LATEST"),
        "catalogArn": f"arn:aws:glue:{where}:{catalog}:catalog",
    }


def _error_record(record: Arrival, failure: Failure, now: float, catalog_table: dict[str, str]) -> str:
    """Return what Firehose writes of a record that does not fit.

    Its page has these members; two it calls ErrorCode and ErrorMessage of late, while objects of AWS have the names below.
    https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
    """
    return json.dumps(
        {
            "attemptsMade": 1,
            "arrivalTimestamp": int(record.arrived * 1000),
            "lastErrorCode": failure.code,
            "lastErrorMessage": failure.message,
            "attemptEndingTimestamp": int(now * 1000),
            "rawData": base64.b64encode(record.data).decode(),
            "sequenceNumber": record.position,
            # Records that a producer's library packed into one are not taken apart here.
            "subSequenceNumber": 0,
            "dataCatalogTable": catalog_table,
        }
    )
