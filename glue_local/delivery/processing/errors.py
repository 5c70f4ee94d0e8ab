"""Error records of failed processing, in Firehose's format."""

import base64
import json
from typing import NamedTuple

from glue_local.delivery.buffer import Arrival


class Failure(NamedTuple):
    """The reason why a record is not delivered: the folder of its error object, Firehose's code and message."""

    error_type: str
    code: str
    message: str


class Unprocessable(Exception):
    """A record that cannot be processed, with the reason."""

    def __init__(self, error_type: str, code: str, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(error_type, code, message)


def error_line(record: Arrival, failure: Failure, now: float) -> bytes:
    """Return the line of an error object; ``now`` in epoch seconds."""
    line = {
        "attemptsMade": 1,
        "arrivalTimestamp": int(record.arrived * 1000),
        "errorCode": failure.code,
        "errorMessage": failure.message,
        "attemptEndingTimestamp": int(now * 1000),
        "rawData": base64.b64encode(record.original).decode(),
    }
    return f"{json.dumps(line)}\n".encode()
