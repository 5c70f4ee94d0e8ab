"""Patches of moto's Systems Manager: parameters that do not exist."""

from typing import Any

from glue_local.backend.moto_patches.patch import Patch


class _Versions(list[Any]):
    """The versions of a parameter that does not exist yet; it is stored with its first version."""

    def __init__(self, parameters: Any, name: str) -> None:
        super().__init__()
        self._parameters, self._name = parameters, name

    def append(self, version: Any) -> None:
        super().append(version)
        self._parameters[self._name] = self


PATCHES = (
    Patch(
        "moto.ssm.models:ParameterDict.__missing__",
        "a request for the versions of a missing parameter creates it without any, which breaks later requests",
        lambda original: lambda parameters, name: _Versions(parameters, name),
        adds=True,
    ),
)
