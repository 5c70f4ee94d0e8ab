"""What a person installs: the wheel's content, and pins that every supported Python can have."""

import re
import subprocess
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from glue_local.prerequisites import java, python

ROOT = Path(__file__).parent.parent
PACKAGES = ("glue_local", "awsglue", "awsgluedq", "awsglueml")


def _is_here(pin: Requirement) -> bool:
    try:
        return bool(metadata(pin.name))
    except PackageNotFoundError:
        return False


PINS = [Requirement(line) for line in requires("glue-local") or ()]
# Extras are optional; the rest has to be here.
INSTALLED = [pin for pin in PINS if "extra" not in str(pin.marker) or _is_here(pin)]


def _pythons() -> Iterator[str]:
    for minor in range(python.OLDEST[1], python.NEWEST[1] + 1):
        yield f"3.{minor}.0"


def test_the_wheel_has_the_packages_with_their_data_and_nothing_else(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not in a git checkout, whose files are the ones that belong in the wheel")
    assert packed == {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}


@pytest.mark.parametrize("pin", INSTALLED, ids=lambda pin: pin.name)
def test_every_supported_python_can_install_the_pin(pin: Requirement) -> None:
    assert [each.operator for each in pin.specifier] == ["=="], "pinned, so that it works tomorrow too"
    allowed = SpecifierSet(metadata(pin.name).get("Requires-Python", ""))
    assert [each for each in _pythons() if each not in allowed] == []


def test_the_range_of_pythons_is_the_same_everywhere() -> None:
    oldest, newest = python.OLDEST, python.NEWEST
    assert SpecifierSet(metadata("glue-local")["Requires-Python"]) == SpecifierSet(
        f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"
    )
    makefile = (ROOT / "Makefile").read_text()
    assert f"{oldest} <= sys.version_info[:2] <= {newest}" in makefile
    assert set(re.findall(r"python(3\.\d+)\b", makefile.partition("\nSUPPORTED")[0])) == {
        each.removesuffix(".0") for each in _pythons()
    }


def test_the_java_of_the_doctor_is_the_extras() -> None:
    assert java.PACKAGE in {str(pin).partition(";")[0] for pin in PINS}
