"""The log of a child process: lines on standard error."""

import sys
from collections.abc import Callable


def log_of(process: str) -> Callable[[str], None]:
    """Return a function that writes one line, prefixed with the name of the process."""

    def say(message: str) -> None:
        sys.stderr.write(f"glue-local {process}: {message}\n")
        sys.stderr.flush()

    return say
