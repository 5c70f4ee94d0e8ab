"""What the class-style transforms share: ``apply`` makes one and calls it, ``describe`` says what it takes and gives."""

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from .arguments import ARGUMENTS


class GlueTransform:
    """A transform; subclasses are called with its arguments.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-GlueTransform.html
    """

    __call__: Callable[..., Any]
    returns: ClassVar[tuple[str, str] | None] = None  # type and description

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Make the transform and call it."""
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
        """Return the exceptions that the transform may raise."""
        cls._refuse_base("describeErrors")
        return []

    @classmethod
    def describe(cls) -> dict[str, Any]:
        """Return all of it."""
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
