"""Times as parts of keys that sort the latest first."""

_END_OF_TIME = 10**14


def time_key(now: float) -> str:
    """Return the key part for a time in epoch seconds."""
    return f"{_END_OF_TIME - int(now * 1000):014d}"


def time_of(key: str) -> float:
    """Return the time of a ``time_key`` in epoch seconds."""
    return (_END_OF_TIME - int(key)) / 1000
