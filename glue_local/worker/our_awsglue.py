"""The parts of our ``awsglue`` that know job bookmarks, loaded beside an ``awsglue`` that is not ours."""

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any, NamedTuple

# Not "awsglue": that name is the image's own package in this process.
_NAME = "glue_local_awsglue"


class Ours(NamedTuple):
    """Modules of our ``awsglue`` that import nothing of it but each other."""

    bookmarks: Any
    listing: Any
    catalog: Any
    table_files: Any


def is_installed() -> bool:
    """Tell whether ``import awsglue`` finds ours: AWS's has no bookmarks."""
    return importlib.util.find_spec("awsglue.bookmarks") is not None


def load(folder: Path) -> Ours | None:
    """Return the modules in ``folder``/awsglue; None when it is not there."""
    package = folder / "awsglue"
    if not (package / "bookmarks.py").exists():
        return None
    alias = types.ModuleType(_NAME)
    # Without running its __init__: that imports all of the package by its own name.
    alias.__path__ = [str(package)]
    sys.modules[_NAME] = alias
    names = ("bookmarks", "sources.listing", "catalog", "sources.table_files")
    return Ours(*(importlib.import_module(f"{_NAME}.{name}") for name in names))
