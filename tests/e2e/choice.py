"""The kind of stack for the end-to-end tests."""

import os


def kind() -> str:
    """Return the kind of stack in ``GLUE_LOCAL_STACK``, by default embedded."""
    return os.environ.get("GLUE_LOCAL_STACK", "embedded")
