"""What the readers and writers are made of: methods of the context under shorter names."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class OfContext:
    """An object with methods of its context."""

    def __init__(self, glue_context: Any) -> None:
        self._glue_context = glue_context


def to_context(method: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
    """Return a method with the signature and the words of the context's, which it calls.

    There ``self`` is positional only: a type checker cannot tell it from the keywords otherwise.
    """

    @functools.wraps(method)
    def handed_on(self: OfContext, /, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = getattr(self._glue_context, method.__name__)(*args, **kwargs)
        return result

    return handed_on
