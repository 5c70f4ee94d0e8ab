"""The base of the class-style transforms, with ``apply`` and the ``describe`` methods."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from .arguments import ARGUMENTS

P = ParamSpec("P")
R = TypeVar("R")


class GlueTransform:
    """A transform; instances are called with its arguments.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-GlueTransform.html
    """

    __call__: Callable[..., Any]
    returns: ClassVar[tuple[str, str] | None] = None  # type and description

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Create the transform and call it."""
        return cls()(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        """Return the transform's name."""
        return cls.__name__

    @classmethod
    def describeArgs(cls) -> list[dict[str, Any]]:
        """Return name, type, description, optional and defaultValue of each argument."""
        cls._refuse_base("describeArgs")
        parameters = list(inspect.signature(cls.__call__).parameters.values())[1:]
        return [_described(one) for one in parameters if one.kind is not one.VAR_KEYWORD]

    @classmethod
    def describeReturn(cls) -> dict[str, str]:
        """Return type and description of what the transform returns."""
        cls._refuse_base("describeReturn")
        kind, description = cls.returns or ("", "")
        return {"type": kind, "description": description}

    @classmethod
    def describeTransform(cls) -> str:
        """Return what the transform does."""
        cls._refuse_base("describeTransform")
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def describeErrors(cls) -> list[dict[str, str]]:
        """Return the exceptions that the transform can raise."""
        cls._refuse_base("describeErrors")
        return []

    @classmethod
    def describe(cls) -> dict[str, Any]:
        """Return name, arguments, result and exceptions in one dict."""
        return {
            "transform": {
                "name": cls.name(),
                "args": cls.describeArgs(),
                "returns": cls.describeReturn(),
                "raises": cls.describeErrors(),
                "location": "internal",
            }
        }

    @classmethod
    def _refuse_base(cls, method: str) -> None:
        if cls.returns is None:
            raise NotImplementedError(f"{cls.__name__}.{method} is not implemented")


def calls(method: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, Any, P], R]:
    """Return a ``__call__(self, frame, …)`` that calls a method of the frame with the method's own arguments."""
    of_method = inspect.signature(method)
    this, *others = of_method.parameters.values()
    frame = inspect.Parameter("frame", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=this.annotation)

    @functools.wraps(method)
    def called(self: Any, frame: Any, *args: P.args, **kwargs: P.kwargs) -> R:
        result: R = getattr(frame, method.__name__)(*args, **kwargs)
        return result

    called.__signature__ = of_method.replace(parameters=[this, frame, *others])  # type: ignore[attr-defined]
    return called  # type: ignore[return-value]  # wraps gives it named parameters


def _described(parameter: inspect.Parameter) -> dict[str, Any]:
    kind, description = ARGUMENTS[parameter.name]
    optional = parameter.default is not parameter.empty
    default = parameter.default if optional else None
    return {
        "name": parameter.name,
        "type": kind,
        "description": description,
        "optional": optional,
        "defaultValue": default,
    }
