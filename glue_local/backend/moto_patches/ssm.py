"""Patches of moto's Systems Manager: the names of parameters, and parameters that do not exist."""

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
)
