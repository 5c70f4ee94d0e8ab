"""Methods of readers and writers that call the GlueContext's methods of longer names."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class ContextMethods:
    """An object whose methods call its GlueContext."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context


def context_method(method: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Return a method that calls ``method`` on the context; it has the same signature and docstring.

    ``self`` must be positional-only in ``method``, or type checkers confuse it with the keyword arguments.
    """

    @functools.wraps(method)
    def delegate(self: ContextMethods, /, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = getattr(self._glue_context, method.__name__)(*args, **kwargs)
        return result

    return delegate
