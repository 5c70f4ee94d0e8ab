"""Field paths as Glue writes them: dots go into structs, backticks quote a dot that belongs to a name, [] into arrays."""

import re
from collections.abc import Sequence

from pyspark.sql.types import StructType

ELEMENT = "[]"  # the step from an array to its elements
_PART = re.compile(r"`([^`]+)`|([^.`]+)")


def parts(path: str) -> list[str]:
    """Return the names along a path: ``a.`b.c` `` is a, then b.c. Raises ValueError for an empty or broken path."""
    found = [quoted or plain for quoted, plain in _PART.findall(path)]
    if not found or ".".join(re.sub("`", "", path).split(".")) != ".".join(found):
        raise ValueError(f"not a field path: {path!r}")
    return found


def steps(path: str) -> list[str]:
    """Return the steps along a path: those of ``parts``, and ELEMENT for each pair of brackets behind a name."""
    return parts(path.replace("[]", ".`[]`"))


def find(schema: StructType, names: Sequence[str], case_sensitive: bool = True) -> list[str] | None:
    """Return the path as ``schema`` spells it, None when it leads nowhere (or into an array)."""
    spelled = []
    here = schema
    for name in names:
        if not isinstance(here, StructType):
            return None
        same = [f for f in here.fields if f.name == name or (not case_sensitive and f.name.lower() == name.lower())]
        if not same:
            return None
        spelled.append(same[0].name)
        here = same[0].dataType
    return spelled


def quoted(names: Sequence[str]) -> str:
    """Return the path as Spark SQL reads it."""
    return ".".join(f"`{name}`" for name in names)
