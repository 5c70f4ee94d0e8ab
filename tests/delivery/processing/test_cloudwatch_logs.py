"""Records of CloudWatch Logs subscriptions."""

import gzip
import json

import pytest

from glue_local.delivery.processing.cloudwatch_logs import decompress, messages


def test_a_record_is_decompressed_or_refused() -> None:
    packed = gzip.compress(b'{"messageType": "CONTROL_MESSAGE"}')
    assert decompress(packed) == b'{"messageType": "CONTROL_MESSAGE"}'
    for broken in (b"plain", packed[:-4], packed[:-9] + b"\x00" * 9):
        with pytest.raises(ValueError, match=r"\w"):
            decompress(broken)


def test_messages_are_extracted_from_events() -> None:
    events = [{"id": "1", "timestamp": 1, "message": "a"}, {"id": "2", "timestamp": 2, "message": '{"é": 1}'}]
    assert messages(json.dumps({"owner": "1", "logEvents": events}).encode()) == [b"a", '{"é": 1}'.encode()]
    for other in (b"no json", b"[]", b"{}", b'{"logEvents": [1]}', b'{"logEvents": [{}]}'):
        with pytest.raises(ValueError, match="has no logEvents with messages"):
            messages(other)
