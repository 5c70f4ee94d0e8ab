"""Our ``awsglue`` under a name of its own, loaded beside an ``awsglue`` that is not ours."""

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any, NamedTuple

# Not "awsglue": that name is the image's own package in this process.
_NAME = "glue_local_awsglue"
_MODULES = ("context", "frame", "bookmarks", "options", "datacatalog", "sources.listing")


class Ours(NamedTuple):
    """The modules of our ``awsglue`` that stand in for the services another one would call."""

    context: Any
    frame: Any
    bookmarks: Any
    options: Any
    datacatalog: Any
    listing: Any


def is_installed() -> bool:
    """Tell whether ``import awsglue`` finds ours: AWS's has no bookmarks."""
    return importlib.util.find_spec("awsglue.bookmarks") is not None


def load(folder: Path) -> Ours:
    """Return the modules in ``folder``/awsglue; FileNotFoundError when it is not there."""
    package = folder / "awsglue"
    if not (package / "bookmarks.py").exists():
        raise FileNotFoundError(
            f"this image's awsglue needs glue-local's beside it, and {package} has none: mount it there, "
            "or say where it is in GLUE_LOCAL_OUR_AWSGLUE"
        )
    alias = types.ModuleType(_NAME)
    alias.__path__ = [str(package)]
    sys.modules[_NAME] = alias
    # The processes of Spark's executors know no module of this name: functions travel with their code.
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(alias)
    return Ours(*(importlib.import_module(f"{_NAME}.{name}") for name in _MODULES))
