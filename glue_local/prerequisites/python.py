"""Check that Spark, moto and job scripts support the Python that runs glue-local."""

import sys

from glue_local.prerequisites import Unmet

OLDEST = (3, 10)
NEWEST = (3, 13)


def check(version: tuple[int, ...] = sys.version_info[:3]) -> str:
    """Return the version as text; raises Unmet if it is not supported."""
    running = ".".join(map(str, version[:3]))
    if not OLDEST <= tuple(version[:2]) <= NEWEST:
        supported = f"{'.'.join(map(str, OLDEST))} to {'.'.join(map(str, NEWEST))}"
        raise Unmet(
            f"Python {running} is not supported: create a virtual environment with Python {supported}"
            " (python3.11 -m venv .venv) and install glue-local into it"
        )
    return running
