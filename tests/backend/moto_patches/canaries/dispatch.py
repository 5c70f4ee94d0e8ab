"""Canaries of the patches in ``moto_patches/dispatch.py``."""

import os
from importlib import import_module
from unittest import mock

from .unpatched import attribute, fails


def modules_are_listed_on_every_request() -> bool:
    backends = import_module("moto.backends")
    with (
        mock.patch("os.listdir", wraps=os.listdir) as listed,
        mock.patch("os.scandir", wraps=os.scandir) as scanned,
    ):
        list(backends.list_of_moto_modules())
        list(backends.list_of_moto_modules())
    return listed.call_count + scanned.call_count > 1


def models_stay_in_memory() -> bool:
    record = attribute("moto.kinesis.models", "Record")
    before = len(record.instances_tracked)
    record("k", "", 1, "")
    return len(record.instances_tracked) == before + 1


CANARIES = {
    "moto.backends:list_of_moto_modules": modules_are_listed_on_every_request,
    "moto.core.common_models:BaseModel.__new__": models_stay_in_memory,
    "moto.core.responses:BaseResponse.setup_class": fails("kinesis", "list_streams", Limit=None),
}
