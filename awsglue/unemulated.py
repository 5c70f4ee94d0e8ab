"""Parts of AWS's interface that are not implemented yet: using one raises NotImplementedError with its name."""

from typing import Any, NoReturn

TRANSFORMS = ("FillMissingValues", "FindMatches", "FindIncrementalMatches", "EvaluateDataQuality")


def refuse(name: str) -> NoReturn:
    """Raise NotImplementedError with the name."""
    raise NotImplementedError(f"{name} is not emulated yet")


def refusing(name: str) -> type:
    """Return a class that can be imported but not instantiated."""

    def refused(cls: type, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(name)

    return type(name.rpartition(".")[2], (), {"__new__": refused, "__doc__": f"{name}: not emulated yet."})
