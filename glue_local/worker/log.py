"""What the worker tells the people who run it: lines on standard error."""

import sys


def say(message: str) -> None:
    """Write one line."""
    print(f"glue-local worker: {message}", file=sys.stderr, flush=True)
