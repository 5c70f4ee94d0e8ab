"""Patches of moto's Systems Manager: parameters' names, missing parameters, documents, patch groups."""

import re
from collections.abc import Callable
from typing import Any

from glue_local.backend.moto_patches.patch import Patch, attribute

# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
_NAME = re.compile(r"[a-zA-Z0-9_./-]+")


class _Versions(list[Any]):
    """The versions of a parameter that does not exist yet; it is stored with its first version."""

    def __init__(self, parameters: Any, name: str) -> None:
        super().__init__()
        self._parameters, self._name = parameters, name

    def append(self, version: Any) -> None:
        super().append(version)
        self._parameters[self._name] = self


def _named(put_parameter: Callable[..., Any]) -> Callable[..., Any]:
    error = attribute("moto.ssm.exceptions:ValidationException")

    def put(self: Any, name: str, *rest: Any, **more: Any) -> Any:
        if not _NAME.fullmatch(name):
            raise error(
                "Parameter name: must only contain a mix of letters, numbers and the following symbols .-_ and slashes."
            )
        return put_parameter(self, name, *rest, **more)

    return put


def _an_object(initialise: Callable[..., None]) -> Callable[..., None]:
    error = attribute("moto.ssm.exceptions:InvalidDocumentContent")

    def init(self: Any, *arguments: Any, **more: Any) -> None:
        try:
            initialise(self, *arguments, **more)
        except (AttributeError, TypeError):
            # For example, text in YAML.
            raise error("The content for the document is not valid.") from None

    return init


def _of_windows(get_baseline: Callable[..., Any]) -> Callable[..., Any]:
    def get(self: Any, patch_group: str, operating_system: str | None) -> Any:
        return get_baseline(self, patch_group, operating_system or "WINDOWS")

    return get


PATCHES = (
    Patch(
        "moto.ssm.models:SimpleSystemManagerBackend.put_parameter",
        "a parameter whose name contains a colon cannot be read, which breaks the list of parameters",
        _named,
    ),
    Patch(
        "moto.ssm.models:ParameterDict.__missing__",
        "a request for the versions of a missing parameter creates it without any, which breaks later requests",
        lambda original: lambda parameters, name: _Versions(parameters, name),
        adds=True,
    ),
    Patch(
        "moto.ssm.models:Document.__init__", "a document whose content is not an object fails the request", _an_object
    ),
    Patch(
        "moto.ssm.models:SimpleSystemManagerBackend.get_patch_baseline_for_patch_group",
        "the operating system has no default, which is WINDOWS",
        _of_windows,
    ),
)
