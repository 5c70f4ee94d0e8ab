"""Field paths in Glue's notation: dots step into structs, [] into arrays, and backticks quote names with dots."""

import re
from collections.abc import Sequence

from pyspark.sql.types import DataType, StructType

ELEMENT = "[]"  # the step from an array to its elements
_PART = re.compile(r"`([^`]+)`|([^.`]+)")


def parts(path: str) -> list[str]:
    """Split a path into names: ``a.`b.c` `` is a, then b.c. Raises ValueError if the path is empty or malformed."""
    found = [quoted or plain for quoted, plain in _PART.findall(path)]
    if not found or ".".join(re.sub("`", "", path).split(".")) != ".".join(found):
        raise ValueError(f"invalid field path {path!r}")
    return found


def steps(path: str) -> list[str]:
    """Split a path into names like ``parts``, with ELEMENT for each ``[]`` after a name."""
    return parts(path.replace("[]", ".`[]`"))


def find(schema: StructType, names: Sequence[str], case_sensitive: bool = True) -> list[str] | None:
    """Return the path as ``schema`` spells it; None if there is no such field or it is inside an array."""
    spelled = []
    here = schema
    for name in names:
        if not isinstance(here, StructType):
            return None
        same = [one for one in here.fields if one.name == name]
        if not same and not case_sensitive:
            same = [one for one in here.fields if one.name.lower() == name.lower()]
        if not same:
            return None
        spelled.append(same[0].name)
        here = same[0].dataType
    return spelled


def type_at(schema: StructType, path: Sequence[str]) -> DataType:
    """Return the type of the field at a path from ``find``."""
    here: DataType = schema
    for name in path:
        here = here[name].dataType
    return here


def quoted(names: Sequence[str]) -> str:
    """Return the path in Spark SQL's notation."""
    return ".".join(f"`{name}`" for name in names)
