"""Count the events that Firehose has delivered to the raw bucket."""

import gzip
from typing import Any


class Delivered:
    """Counts the events under a prefix, reading each object once."""

    def __init__(self, s3: Any, bucket: str = "traffic-raw", prefix: str = "raw/") -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix
        self._counted: set[str] = set()
        self.events = 0

    def count(self) -> int:
        """Return the number of events delivered so far."""
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix):
            for item in page.get("Contents", []):
                if item["Key"] not in self._counted:
                    body = self._s3.get_object(Bucket=self._bucket, Key=item["Key"])["Body"].read()
                    self.events += gzip.decompress(body).count(b"\n")
                    self._counted.add(item["Key"])
        return self.events
