"""A patch of moto, and how it is applied."""

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any, NamedTuple

PATCHED_VERSION = "5.2.5"
"""The moto version that the patches are written for; another may have other attributes or not need them."""


class PatchError(Exception):
    """moto does not match a patch; the message names the patch, the reason and the fix."""


class Patch(NamedTuple):
    """One replaced attribute of moto."""

    target: str
    """The attribute, as ``module:Class.attribute``."""
    reason: str
    """The fault in moto that the patch fixes; a canary in ``tests/backend/moto_patches/canaries`` checks that it still exists."""
    change: Callable[[Any], Any]
    """Makes the replacement from the original."""
    adds: bool = False
    """Whether the patch adds an attribute that moto does not have."""
    also_in: str = ""
    """A package whose modules import the attribute by name: it is replaced in each of them."""


def check_version() -> None:
    """Raise PatchError unless the installed moto is the patched version."""
    installed = version("moto")
    if installed != PATCHED_VERSION:
        raise PatchError(
            f"moto {installed} is installed, but glue-local patches moto {PATCHED_VERSION}: install"
            f" moto=={PATCHED_VERSION}, or review glue_local/backend/moto_patches and update PATCHED_VERSION"
        )


def attribute(target: str) -> Any:
    """Return an attribute of moto by its name ``module:Class.attribute``, importing its module."""
    owner, name = _owner(target)
    return getattr(owner, name)


def apply(patch: Patch) -> None:
    """Apply a patch; raises PatchError if moto lacks the attribute, or already has one that the patch adds."""
    try:
        owner, name = _owner(patch.target)
    except (ImportError, AttributeError) as error:
        raise _gone(patch, str(error)) from None
    there = name in vars(owner) if patch.adds else hasattr(owner, name)
    if there == patch.adds:
        raise _gone(patch, "moto has it now" if there else "moto no longer has it")
    original = getattr(owner, name, None)
    changed = patch.change(original)
    setattr(owner, name, changed)
    if patch.also_in:
        _replace_imported(patch.also_in, name, original, changed)


def _replace_imported(package: str, name: str, original: Any, changed: Any) -> None:
    for module_name, module in tuple(sys.modules.items()):
        if module_name.startswith(package) and vars(module).get(name) is original:
            setattr(module, name, changed)


def _owner(target: str) -> tuple[Any, str]:
    module, _, path = target.partition(":")
    *classes, name = path.split(".")
    owner: Any = import_module(module)
    for each in classes:
        owner = getattr(owner, each)
    return owner, name


def _gone(patch: Patch, why: str) -> PatchError:
    return PatchError(
        f"the patch of {patch.target} does not fit moto {version('moto')}: {why}. Without it, {patch.reason}."
        f" Install moto=={PATCHED_VERSION}, or update the patch in glue_local/backend/moto_patches"
    )
