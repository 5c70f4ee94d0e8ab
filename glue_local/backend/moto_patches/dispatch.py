"""Patches of moto for all services: speed, memory, and members that are null."""

import json
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


def _without_nulls(setup_class: Callable[..., None]) -> Callable[..., None]:
    """Read a member that is null as one that is absent, as AWS does."""

    def set_up(self: Any, *arguments: Any, **more: Any) -> None:
        setup_class(self, *arguments, **more)
        if isinstance(self.body, str) and self.body.startswith("{") and "null" in self.body:
            try:
                self.body = json.dumps(_present(json.loads(self.body)))
            except ValueError:
                return  # for moto to refuse

    return set_up


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(each) for name, each in value.items() if each is not None}
    return [_present(each) for each in value] if isinstance(value, list) else value


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
    Patch(
        "moto.core.responses:BaseResponse.setup_class",
        "a member that is null is not the same as an absent one, and some fail the request",
        _without_nulls,
    ),
)
