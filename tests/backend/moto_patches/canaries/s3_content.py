"""Canaries of the patches in ``moto_patches/s3_content.py``."""

import inspect
import warnings
from collections.abc import Callable

from moto import mock_aws

from .unpatched import attribute, client

_MODELS, _RESPONSES = "moto.s3.models", "moto.s3.responses:S3Response"
_IN_MEMORY = (".value", "self.body", "self.raw_body", "hashlib")
_READERS = (
    "moto.s3.utils:compute_checksum",
    f"{_MODELS}:FakeKey.__getstate__",
    f"{_MODELS}:FakeMultipart.complete",
    *(f"{_RESPONSES}.{name}" for name in ("put_object", "upload_part", "_get_checksum", "get_object", "copy_object")),
)


def holds_an_object_in_memory(name: str) -> Callable[[], bool]:
    """Return a canary for a function whose source uses all bytes of an object at once."""
    return lambda: any(text in inspect.getsource(attribute(*name.split(":"))) for text in _IN_MEMORY)


def an_objects_value_is_bytes() -> bool:
    return "self._value_buffer.read()" in inspect.getsource(attribute(_MODELS, "FakeKey").value.fget)


def a_replaced_object_warns() -> bool:
    with warnings.catch_warnings(record=True) as warned, mock_aws():
        warnings.simplefilter("always")
        client("s3").create_bucket(Bucket="made")
        key = attribute(_MODELS, "FakeKey")("k", b"x", account_id="1", region_name="us-east-1")
        key.__del__()
    return any("not disposed" in str(each.message) for each in warned)


CANARIES = {
    **{name: holds_an_object_in_memory(name) for name in _READERS},
    f"{_MODELS}:FakeKey.value": an_objects_value_is_bytes,
    f"{_MODELS}:FakeKey.__del__": a_replaced_object_warns,
    f"{_RESPONSES}.upload_part_copy": holds_an_object_in_memory(f"{_MODELS}:S3Backend.upload_part_copy"),
}
