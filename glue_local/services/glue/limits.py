"""What AWS refuses of arguments and tags, whichever request brings them."""

import json
from collections.abc import Iterable
from typing import Any

from glue_local.core.faults import Invalid, LimitExceeded

_ARGUMENT_BYTES = 260 * 1024


def check_arguments(request: dict[str, Any]) -> None:
    """Refuse more arguments than AWS takes of a job or a run: ResourceNumberLimitExceededException."""
    for member in ("DefaultArguments", "NonOverridableArguments", "Arguments"):
        if len(json.dumps(request.get(member, {})).encode()) > _ARGUMENT_BYTES:
            raise LimitExceeded(f"{member} must not exceed 260 KB.")


def check_tags(tags: Iterable[str]) -> None:
    """Refuse names of tags that are AWS's own: InvalidInputException."""
    for name in tags:
        if name.lower().startswith("aws:"):
            raise Invalid(f"Tag key {name} is not allowed: the prefix aws: is reserved.")
