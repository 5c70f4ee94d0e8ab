"""pip's output as one line of progress, and its errors unchanged."""

import io
import sys
from pathlib import Path

import pytest

from glue_local.prerequisites import Unmet, packages
from glue_local.prerequisites.packages import Progress, install, pinned

LOCK = """boto3==1.44.5 \\
    --hash=sha256:00
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:00
pyspark==3.5.4 \\
    --hash=sha256:00
"""


class Terminal(io.StringIO):
    """The output to a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake Python with pip; tests write it."""
    program = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(program))
    return program


def prints(pip: Path, script: str) -> None:
    pip.write_text(f"#!/bin/sh\n{script}\n")
    pip.chmod(0o755)


def test_a_lock_file_is_counted() -> None:
    assert pinned(LOCK) == 3


def test_each_line_of_pip_moves_the_progress() -> None:
    have = [10]
    progress = Progress(3, lambda: have[0])
    told = []
    for line in (
        "Ignoring colorama: markers 'sys_platform == \"win32\"' don't match your environment",
        "Requirement already satisfied: boto3==1.44.5 in /somewhere",
        "Collecting pyspark==3.5.4",
        "  Downloading pyspark-3.5.4.tar.gz (317.3 MB)",
        "  Building wheel for pyspark (pyproject.toml): started",
        "Installing collected packages: py4j, pyspark",
    ):
        progress.read(line)
        told.append(str(progress))
    have[0] = 11
    assert [*told, str(progress)] == [
        "0 of 2 collected",
        "1 of 2 collected, boto3",
        "2 of 2 collected, pyspark",
        "2 of 2 collected, pyspark (317.3 MB)",
        "2 of 2 collected, building pyspark",
        "0 of 2 installed",
        "1 of 2 installed",
    ]


def test_a_terminal_has_one_line_that_is_rewritten(pip: Path) -> None:
    prints(pip, "echo Collecting boto3==1.44.5; echo Successfully installed boto3-1.44.5")
    terminal = Terminal()
    install(["boto3"], "packages", 1, terminal)
    lines = terminal.getvalue().split("\r\x1b[2K")
    assert "packages: 1 of 1 collected, boto3, 0 s" in lines
    assert lines[-1] == "packages: 1 package in 0 s\n"
    assert terminal.getvalue().count("\n") == 1


def test_a_file_has_the_last_line(pip: Path) -> None:
    prints(pip, "echo Collecting boto3==1.44.5; echo Successfully installed boto3-1.44.5")
    out = io.StringIO()
    install(["boto3"], "packages", 1, out)
    assert out.getvalue() == "packages: 1 package in 0 s\n"


def test_errors_and_warnings_of_pip_are_shown_once(pip: Path, capfd: pytest.CaptureFixture[str]) -> None:
    prints(pip, "echo Collecting x; echo WARNING: Retrying; echo 'ERROR: No matching distribution'; echo hint; exit 1")
    with pytest.raises(Unmet, match="pip could not install the packages"):
        install(["x"], "packages", 1)
    assert capfd.readouterr().err.splitlines() == [
        "WARNING: Retrying",
        "ERROR: No matching distribution",
        "Collecting x",
        "hint",
    ]


def test_the_real_pip_names_missing_packages(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unmet):
        install(["--no-index", "no-such-package-of-ours"], "packages", 1)
    assert "ERROR: No matching distribution found for no-such-package-of-ours" in capfd.readouterr().err


def test_make_gets_a_one_line_error(pip: Path, tmp_path: Path) -> None:
    prints(pip, "exit 1")
    lock = tmp_path / "lock"
    lock.write_text(LOCK)
    with pytest.raises(SystemExit, match="^glue-local: pip could not install the packages"):
        packages.main(str(lock), ".")
