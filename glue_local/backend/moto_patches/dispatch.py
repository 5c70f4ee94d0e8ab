"""Patches of moto for all services: speed and memory."""

from collections.abc import Callable, Iterable
from typing import Any

from glue_local.backend.moto_patches.patch import Patch


def _listed_once(list_modules: Callable[[], Iterable[str]]) -> Callable[[], Iterable[str]]:
    modules = tuple(list_modules())
    return lambda: modules


def _untracked(new: Callable[..., Any]) -> Callable[..., Any]:
    def untracked(cls: Any, *_arguments: Any, **_named: Any) -> Any:
        return object.__new__(cls)

    return untracked


PATCHES = (
    Patch(
        "moto.backends:list_of_moto_modules",
        "every request lists moto's package folder, half the time of a small request",
        _listed_once,
    ),
    Patch(
        "moto.core.common_models:BaseModel.__new__",
        "moto keeps every object, record and message after its deletion, for its dashboard",
        _untracked,
    ),
)
