"""What the class-style transforms share: ``apply`` makes one and calls it."""

from typing import Any


class GlueTransform:
    """A transform; subclasses are called with its arguments."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} is not emulated yet")

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Make the transform and call it."""
        return cls()(*args, **kwargs)

    @classmethod
    def name(cls) -> str:
        """Return the transform's name."""
        return cls.__name__
