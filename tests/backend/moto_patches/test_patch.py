"""Patches match the installed moto, moto still needs each, and a mismatch is reported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from glue_local.backend.moto_patches import PATCHES
from glue_local.backend.moto_patches import patch as patch_module
from glue_local.backend.moto_patches.patch import Patch, PatchError, apply, attribute, check_version

ROOT = Path(__file__).parents[3]
TARGETS = [patch.target for patches in PATCHES.values() for patch in patches]


@pytest.fixture(scope="module")
def needed() -> dict[str, bool | str]:
    """The canaries' results for unpatched moto."""
    command = [sys.executable, "-m", "tests.backend.moto_patches.canaries"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    found: dict[str, bool | str] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_moto_still_needs_the_patch(needed: dict[str, bool | str], target: str) -> None:
    assert needed.get(target) is True, f"{target}: moto no longer needs it ({needed.get(target)}): remove the patch"


def test_every_canary_belongs_to_a_patch(needed: dict[str, bool | str]) -> None:
    assert set(needed) == set(TARGETS)


@pytest.mark.parametrize(
    ("target", "adds", "why"),
    [
        ("moto.backends:no_such_function", False, "moto no longer has it"),
        ("moto.no_such_module:x", False, "No module named"),
        ("moto.kinesis.models:NoSuchClass.x", False, "NoSuchClass"),
        ("moto.backends:list_of_moto_modules", True, "moto has it now"),
    ],
)
def test_a_mismatched_patch_is_named_with_the_fix(target: str, adds: bool, why: str) -> None:
    patch = Patch(target, "it is slow", lambda original: original, adds=adds)
    with pytest.raises(PatchError) as refusal:
        apply(patch)
    told = str(refusal.value)
    assert (target in told, why in told, "it is slow" in told, "Install moto==" in told) == (True,) * 4


def test_another_version_of_moto_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patch_module, "PATCHED_VERSION", "4.0.0")
    with pytest.raises(PatchError, match="patches moto 4.0.0: install moto==4.0.0"):
        check_version()


def test_an_attribute_is_found_by_its_name() -> None:
    assert attribute("json.decoder:JSONDecoder.decode") is json.JSONDecoder.decode
