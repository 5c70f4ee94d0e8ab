"""The lock files: exact versions with hashes for all requirements in pyproject.toml."""

import re
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from glue_local.prerequisites import python

ROOT = Path(__file__).parent.parent
LOCKS = {"requirements.lock": ("", "dev"), "docker/requirements.lock": ("", "demo")}
OWN = ("glue-local", "glue-local-awsglue")
LEFT_OUT = {
    Requirement(line).name for line in (ROOT / "docker/left_out.txt").read_text().splitlines() if line[0] != "#"
}


def entries(lock: str) -> list[str]:
    """Return the entries of a lock file, each on one line with its hashes."""
    lines = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def pins(lock: str) -> list[Requirement]:
    """Return the pinned packages of a lock file."""
    return [Requirement(re.split(r"\s+--hash", entry)[0]) for entry in entries(lock)]


def asked(extra: str) -> list[Requirement]:
    """Return glue-local's requirements with an extra."""
    lines = [Requirement(line) for each in OWN for line in requires(each) or ()]
    return [each for each in lines if each.marker is None or each.marker.evaluate({"extra": extra})]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_meets_all_requirements(lock: str) -> None:
    pinned: dict[str, list[str]] = {}
    for pin in pins(lock):
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        pinned.setdefault(pin.name, []).append(specifier.version)
    wanted = [each for extra in LOCKS[lock] for each in asked(extra) if each.name not in OWN]
    if lock.startswith("docker"):
        wanted = [each for each in wanted if each.name not in LEFT_OUT]
    outside = {
        str(each): pinned.get(each.name)
        for each in wanted
        if not pinned.get(each.name) or not all(each.specifier.contains(one) for one in pinned[each.name])
    }
    assert outside == {}, "run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|--(extra-)?index|--find-links", text)
    assert [entry for entry in entries(lock) if "--hash=sha256:" not in entry] == []


def test_the_image_has_the_versions_of_the_tests() -> None:
    tested = {(pin.name, str(pin.specifier)) for pin in pins("requirements.lock")}
    assert {(pin.name, str(pin.specifier)) for pin in pins("docker/requirements.lock")} - tested == set()


def test_packages_left_out_of_the_image_are_requirements_but_not_locked() -> None:
    assert {each.name for each in asked("demo")} >= LEFT_OUT
    assert not {pin.name for pin in pins("docker/requirements.lock")} & LEFT_OUT


def test_every_supported_python_can_install_the_pins() -> None:
    refused = [
        f"{pin} on Python {one}"
        for pin in pins("requirements.lock")
        for one in (f"3.{minor}" for minor in range(python.OLDEST[1], python.NEWEST[1] + 1))
        if pin.marker is None or pin.marker.evaluate({"python_version": one, "python_full_version": f"{one}.0"})
        if str(pin.specifier) == f"=={installed(pin.name)}"
        if not SpecifierSet(metadata(pin.name).get("Requires-Python") or "").contains(f"{one}.0")
    ]
    assert refused == []


def installed(name: str) -> str:
    """Return the version of an installed package, "" for one that is only for another Python or system."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
