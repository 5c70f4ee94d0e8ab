"""What AWS documents and this package does not do yet, as data: asking for it fails with its name."""

from typing import NoReturn

TRANSFORMS = ("FillMissingValues", "FindMatches", "FindIncrementalMatches", "EvaluateDataQuality")


def refuse(name: str) -> NoReturn:
    """Raise the error that names what is asked for."""
    raise NotImplementedError(f"{name} is not emulated yet")


class Loud:
    """A class whose documented but absent methods fail with their names when they are asked for."""

    _unemulated: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> NoReturn:
        if name in type(self)._unemulated:
            refuse(f"{type(self).__name__}.{name}")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
