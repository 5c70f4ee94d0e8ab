"""The JsonPath of JSON classifiers: the subset that AWS supports.

https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-json
"""

import re
from collections.abc import Iterator
from typing import Any

from glue_local.core.faults import Invalid

ALL = "*"
Steps = tuple[str | int, ...]

_STEP = re.compile(r"\.(?P<name>[^.\[\]'\"\s]+)|\['(?P<quoted>[^']+)'\]|\[(?P<index>\d{1,9})\]|\[(?P<all>\*)\]")


def parse_json_path(path: str) -> Steps:
    """Return the steps of a path such as ``$.a['b'][*].c``: names, indexes and ALL. Raises Invalid."""
    if not path.startswith("$"):
        raise Invalid(f"JsonPath must begin with $, not {path!r}.")
    steps: list[str | int] = []
    at = 1
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            raise Invalid(f"JsonPath {path!r} is not valid at {path[at:]!r}: use $, *, .name, ['name'] and [number].")
        index = found["index"]
        steps.append(int(index) if index else found["name"] or found["quoted"] or ALL)
        at = found.end()
    return tuple(steps)


def select(value: Any, steps: Steps) -> Iterator[Any]:
    """Yield the values at a path; none where it does not exist."""
    if not steps:
        yield value
        return
    step, *rest = steps
    if step == ALL:
        inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    elif isinstance(step, int):
        inner = value[step : step + 1] if isinstance(value, list) else []
    else:
        inner = [value[step]] if isinstance(value, dict) and step in value else []
    for each in inner:
        yield from select(each, tuple(rest))
