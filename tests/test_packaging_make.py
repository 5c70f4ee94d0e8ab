"""What ``make`` says of the Python it finds, with programs that only pretend to be one."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("make", "sh", "touch")
Made = Callable[[], "subprocess.CompletedProcess[str]"]
# Answers --version, -c (whether it is supported), -m venv and -m pip as its two words say.
FAKE = """#!/bin/sh
case "$*" in
  --version) echo Python {version};;
  -c*) exit {supported};;
  *venv*) /bin/mkdir -p .venv/bin; /bin/cp "$0" .venv/bin/python; exit {venv};;
  *pip*) exit {venv};;
esac
"""


@pytest.fixture
def make(tmp_path: Path) -> Made:
    """Run make's first step where there are no programs but the tools and what ``bin`` has."""
    for tool in TOOLS:
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    shutil.copy(ROOT / "Makefile", tmp_path)

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["make", ".venv/.made"],
            cwd=tmp_path,
            env={**os.environ, "PATH": str(tmp_path / "bin"), "MAKEFLAGS": "", "MAKELEVEL": "0"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def _python(path: Path, version: str, supported: bool = True, venv: bool = True) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FAKE.format(version=version, supported=int(not supported), venv=int(not venv)))
    path.chmod(0o755)


def test_a_supported_one_makes_the_environment(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3", "3.9.18", supported=False)
    _python(tmp_path / "bin" / "python3.12", "3.12.1")
    assert make().stdout == "[1/3] virtual environment in .venv with Python 3.12.1\n"
    assert (tmp_path / ".venv" / ".made").exists()


def test_none_that_is_supported(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3", "3.9.18", supported=False)
    said = make().stderr.splitlines()
    assert said[0] == "no Python 3.10 to 3.13 on the PATH: install Python 3.11, then run make again"


def test_one_without_venv_is_named_each_time(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3", "3.11.2", venv=False)
    for _ in range(2):
        assert make().stderr.startswith("python3 cannot make virtual environments: install its venv package")
    assert not (tmp_path / ".venv" / ".made").exists()


def test_an_environment_of_an_unsupported_one_is_named(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3.11", "3.11.7")
    _python(tmp_path / ".venv" / "bin" / "python", "3.9.18", supported=False)
    assert make().stderr.startswith("Python 3.9.18 in .venv is not supported: run make clean, then make again")
