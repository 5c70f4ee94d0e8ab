"""Print what the container needs of pyproject.toml's dependencies, one requirement a line."""

import re
import sys
from pathlib import Path

import tomllib

NOT_THERE = {
    "docker": "the container never controls Docker",
    "moto": "LocalStack answers the rest of AWS",
    "pyspark": "Spark is in the Glue image",
}
"""Dependencies that the container does without, and why."""


def requirements(pyproject: Path) -> list[str]:
    """Return the pinned requirements; raises SystemExit when something to be left out is not there at all."""
    pinned = tomllib.loads(pyproject.read_text())["project"]["dependencies"]
    names = {re.split(r"[^A-Za-z0-9-]", each)[0]: each for each in pinned}
    if stale := NOT_THERE.keys() - names.keys():
        sys.exit(f"docker/requirements.py leaves out what pyproject.toml does not ask for: {', '.join(sorted(stale))}")
    return [each for name, each in names.items() if name not in NOT_THERE]


if __name__ == "__main__":
    print("\n".join(requirements(Path(sys.argv[1]))))
