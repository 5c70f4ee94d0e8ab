"""Which stack the end-to-end tests run against: the one place that asks."""

import os
from pathlib import Path

from tests.e2e.compose import composed
from tests.e2e.embedded import embedded
from tests.e2e.stack import Stack

STACKS = {"embedded": embedded, "compose": composed}


def kind() -> str:
    """Return the kind of stack that ``GLUE_LOCAL_STACK`` names; without it, embedded."""
    return os.environ.get("GLUE_LOCAL_STACK", "embedded")


def chosen(folder: Path) -> Stack:
    """Return a new stack of that kind."""
    return STACKS[kind()](folder)
