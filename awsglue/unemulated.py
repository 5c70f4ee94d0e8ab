"""What AWS documents and this package does not do yet, as data: asking for it fails with its name."""

from typing import Any, NoReturn

TRANSFORMS = ("FillMissingValues", "FindMatches", "FindIncrementalMatches", "EvaluateDataQuality")


def refuse(name: str) -> NoReturn:
    """Raise the error that names what is asked for."""
    raise NotImplementedError(f"{name} is not emulated yet")


def refusing(name: str) -> type:
    """Return a class that can be imported and not be made."""

    def refused(cls: type, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(name)

    return type(name.rpartition(".")[2], (), {"__new__": refused, "__doc__": f"{name}: not emulated yet."})
