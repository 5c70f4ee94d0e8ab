"""AWS's limits on arguments of jobs and runs."""

import json
from typing import Any

from glue_local.core.faults import LimitExceeded

_ARGUMENT_BYTES = 260 * 1024


def check_arguments(request: dict[str, Any]) -> None:
    """Check the size of a job's or run's arguments; raises LimitExceeded (ResourceNumberLimitExceededException)."""
    for member in ("DefaultArguments", "NonOverridableArguments", "Arguments"):
        if len(json.dumps(request.get(member, {})).encode()) > _ARGUMENT_BYTES:
            raise LimitExceeded(f"{member} must not exceed 260 KB.")
