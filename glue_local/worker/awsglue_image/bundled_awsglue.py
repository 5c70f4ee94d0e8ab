"""Load glue-local's ``awsglue`` under another name beside the image's ``awsglue``."""

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any, NamedTuple

# Not "awsglue": that name is the image's own package in this process.
_NAME = "glue_local_awsglue"
_MODULES = (
    *("context", "frames.frame", "bookmarks", "options", "data_catalog.spark_catalog", "spark_io", "sources.listing"),
)


class Ours(NamedTuple):
    """The modules of glue-local's ``awsglue`` that replace calls of AWS services by another one."""

    context: Any
    frame: Any
    bookmarks: Any
    options: Any
    spark_catalog: Any
    spark_io: Any
    listing: Any


def is_installed() -> bool:
    """Tell whether ``import awsglue`` finds glue-local's: AWS's has no module bookmarks."""
    return importlib.util.find_spec("awsglue.bookmarks") is not None


def load(folder: Path) -> Ours:
    """Return the modules in ``folder``/awsglue; FileNotFoundError if it is missing."""
    package = folder / "awsglue"
    if not (package / "bookmarks.py").exists():
        raise FileNotFoundError(
            f"this image's awsglue needs glue-local's beside it, and {package} has none: mount it there, "
            "or set GLUE_LOCAL_OUR_AWSGLUE to its location"
        )
    alias = types.ModuleType(_NAME)
    alias.__path__ = [str(package)]
    sys.modules[_NAME] = alias
    # Spark's executors do not have a module of this name, so functions are pickled by value.
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(alias)
    return Ours(*(importlib.import_module(f"{_NAME}.{name}") for name in _MODULES))
