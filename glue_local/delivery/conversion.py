"""Record format conversion of a delivery stream: the schema of its table, and the resulting objects."""

import base64
import json
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from glue_local.delivery.buffer import Arrival

if TYPE_CHECKING:
    from glue_local.delivery.formats.parquet import Failure

ERROR_TYPE = "format-conversion-failed"


class Objects(NamedTuple):
    """The result of a buffer: the converted file and the error records; either may be None."""

    converted: bytes | None
    errors: bytes | None


class Conversion:
    """Converts buffers of JSON to Parquet, with the schema of a Glue table, which is read once."""

    def __init__(self, configuration: dict[str, Any], glue: Any, account: str, region: str) -> None:
        schema = configuration["SchemaConfiguration"]
        self._table = _catalog_table(schema, account, region)
        table = glue.get_table(DatabaseName=schema["DatabaseName"], Name=schema["TableName"])["Table"]
        # Imported by name: pyarrow belongs to the extra "parquet", which is only needed for a conversion.
        self._parquet = import_module("glue_local.delivery.formats.parquet")
        self._schema = self._parquet.schema_of(table["StorageDescriptor"]["Columns"])
        serializer = configuration["OutputFormatConfiguration"]["Serializer"]["ParquetSerDe"]
        self._compression = str(serializer.get("Compression", "SNAPPY")).replace("UNCOMPRESSED", "NONE")

    def objects(self, records: Sequence[Arrival], now: float) -> Objects:
        """Return the Parquet file and the error records (JSON lines as Firehose writes them); ``now`` in epoch seconds."""
        file, failures = self._parquet.convert((record.data for record in records), self._schema, self._compression)
        lines = [_error_record(records[place], failure, now, self._table) for place, failure in failures.items()]
        return Objects(file, "".join(f"{line}\n" for line in lines).encode() if lines else None)


def configured(destination: dict[str, Any]) -> dict[str, Any] | None:
    """Return the conversion of a destination, None if it has none or it is disabled."""
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


def _error_record(record: Arrival, failure: "Failure", now: float, catalog_table: dict[str, str]) -> str:
    """Return the error record for a record that cannot be converted.


    The page has these members, but now calls two of them ErrorCode and ErrorMessage; objects on AWS have the names below.
    https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
    """
    return json.dumps(
        {
            "attemptsMade": 1,
            "arrivalTimestamp": int(record.arrived * 1000),
            "lastErrorCode": failure.code,
            "lastErrorMessage": failure.message,
            "attemptEndingTimestamp": int(now * 1000),
            "rawData": base64.b64encode(record.original).decode(),
            "sequenceNumber": record.position,
            "subSequenceNumber": record.sub,
            "dataCatalogTable": catalog_table,
        }
    )
