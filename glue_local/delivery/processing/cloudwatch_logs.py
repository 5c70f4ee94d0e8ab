"""Process records of CloudWatch Logs subscriptions: decompress them and extract their messages.

Pages: https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html,
https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html
"""

import gzip
import json
import zlib


def decompress(data: bytes) -> bytes:
    """Decompress a record; raises ValueError if it is not GZIP."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(str(error)) from None


def messages(data: bytes) -> list[bytes]:
    """Return the messages of a decompressed record; raises ValueError if it is not from CloudWatch Logs."""
    try:
        return [str(event["message"]).encode() for event in json.loads(data)["logEvents"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"The record has no logEvents with messages: {type(error).__name__}: {error}") from None
