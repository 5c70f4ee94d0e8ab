"""Which Python ``make`` chooses, tested with fake programs, and the steps that CI runs."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("make", "sh", "touch")
Made = Callable[..., "subprocess.CompletedProcess[str]"]
# A fake Python that answers --version, -c (whether it is supported), -m venv and -m pip.
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
    """Run make's first step with only the tools and interpreters in ``bin``."""
    for tool in TOOLS:
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    shutil.copy(ROOT / "Makefile", tmp_path)

    def run(*variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["make", ".venv/.made", *variables],
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


def test_a_supported_python_creates_the_environment(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3", "3.9.18", supported=False)
    _python(tmp_path / "bin" / "python3.12", "3.12.1")
    assert make().stdout == "[1/3] virtual environment in .venv with Python 3.12.1\n"
    assert (tmp_path / ".venv" / ".made").exists()


def test_a_named_python_is_used(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3.11", "3.11.7")
    _python(tmp_path / "bin" / "python3.13", "3.13.0")
    assert make("PYTHON=python3.13").stdout == "[1/3] virtual environment in .venv with Python 3.13.0\n"
    shutil.rmtree(tmp_path / ".venv")
    assert make("PYTHON=python3.10").stderr.startswith("no python3.10 on the PATH")


def test_no_supported_python(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3", "3.9.18", supported=False)
    said = make().stderr.splitlines()
    assert said[0] == "no Python 3.10 to 3.13 on the PATH: install Python 3.11, then run make again"


def test_a_python_without_venv_is_reported_each_time(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3", "3.11.2", venv=False)
    for _ in range(2):
        assert make().stderr.startswith("python3 cannot create virtual environments: install its venv package")
    assert not (tmp_path / ".venv" / ".made").exists()


def test_an_environment_with_an_unsupported_python_is_reported(make: Made, tmp_path: Path) -> None:
    _python(tmp_path / "bin" / "python3.11", "3.11.7")
    _python(tmp_path / ".venv" / "bin" / "python", "3.9.18", supported=False)
    assert make().stderr.startswith("Python 3.9.18 in .venv is not supported: run make clean, then make again")


def test_the_workflow_runs_the_steps_of_the_ci_script() -> None:
    script = re.findall(r"^make .*$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    workflow = re.findall(r"run: (make .*)$", (ROOT / ".github" / "workflows" / "ci.yml").read_text(), re.MULTILINE)
    assert script == workflow == ["make check", "make test", "make test-long", "make test-integration"]
