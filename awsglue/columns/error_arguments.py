"""The error arguments that every transform takes after its own: info, stageThreshold and totalThreshold."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypedDict, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class ErrorArguments(TypedDict, total=False):
    """A text to include in error records, and the number of errors that fails the job (0 means no limit)."""

    info: str
    stageThreshold: int
    totalThreshold: int


_DEFAULTS = {"info": "", "stageThreshold": 0, "totalThreshold": 0}


def takes_error_arguments(method: F) -> F:
    """Let a method with ``**errors: Unpack[ErrorArguments]`` take them by position as well, as AWS documents them."""
    own = inspect.signature(method)
    listed = [one for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD]
    tail = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=type(default))
        for name, default in _DEFAULTS.items()
    ]
    signature = own.replace(parameters=[*listed, *tail])
    names = list(signature.parameters)

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        if len(args) > len(names):
            return method(*args, **kwargs)  # raises the TypeError that names the method
        return method(**dict(zip(names, args, strict=False)), **kwargs)

    called.__signature__ = signature  # type: ignore[attr-defined]
    return called  # type: ignore[return-value]
