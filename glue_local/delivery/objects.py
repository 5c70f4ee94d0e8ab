"""The objects of a delivery stream in S3: keys and contents."""

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from glue_local.delivery.buffer import Arrival
from glue_local.delivery.conversion import ERROR_TYPE, Conversion, configured
from glue_local.delivery.partitions import Target
from glue_local.delivery.prefix import object_key
from glue_local.delivery.rendering import Body, body


class Objects:
    """Writes buffers of records as objects, converted or unchanged."""

    def __init__(
        self, stream: dict[str, Any], destination: dict[str, Any], client_of: Callable[[str, dict[str, Any]], Any]
    ) -> None:
        self._name, self._version = stream["name"], stream["description"]["VersionId"]
        self._destination = destination
        self._bucket = destination["BucketARN"].removeprefix("arn:aws:s3:::")
        self._zone = ZoneInfo(destination.get("CustomTimeZone", "UTC"))
        self._s3 = client_of("s3", stream)
        conversion = configured(destination)
        glue = client_of("glue", stream) if conversion else None
        self._conversion = Conversion(conversion, glue, stream["account"], stream["region"]) if conversion else None

    def write(self, target: Target, records: list[Arrival]) -> None:
        """Write the records of a target; raises any error of S3."""
        arrived = datetime.fromtimestamp(min(record.arrived for record in records), timezone.utc)
        if target.error_type:
            self._put_errors(arrived, b"".join(record.data for record in records), target.error_type)
        elif self._conversion is None:
            self._put_data(arrived, target, body((record.data for record in records), self._destination))
        else:
            made = self._conversion.objects(records, time.time())
            if made.converted is not None:
                self._put_data(arrived, target, Body(made.converted, ".parquet"))
            if made.errors is not None:
                self._put_errors(arrived, made.errors, ERROR_TYPE)

    def _put_data(self, arrived: datetime, target: Target, made: Body) -> None:
        prefix = self._destination.get("Prefix")
        key = self._key(arrived, prefix, made.suffix, keys=dict(target.keys))
        encoding = {"ContentEncoding": made.encoding} if made.encoding else {}
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=made.content, **encoding)

    def _put_errors(self, arrived: datetime, lines: bytes, error_type: str) -> None:
        # Without an ErrorOutputPrefix, errors are written next to the data, in a folder named after the kind of error.
        prefix = str(self._destination.get("ErrorOutputPrefix") or f"{error_type}/")
        self._s3.put_object(Bucket=self._bucket, Key=self._key(arrived, prefix, error_type=error_type), Body=lines)

    def _key(self, arrived: datetime, prefix: str | None, suffix: str = "", **of_prefix: Any) -> str:
        unique = str(uuid.uuid4())
        return object_key(prefix, self._name, self._version, arrived, unique, suffix, zone=self._zone, **of_prefix)
