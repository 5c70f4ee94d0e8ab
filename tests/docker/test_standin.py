"""The scripts that build the stand-ins: errors without an engine, and no traces of the build machine."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAKE_DOCKER = '#!/bin/sh\necho "Cannot connect to the Docker daemon" >&2\nexit 1\n'


@pytest.fixture
def without_engine(tmp_path: Path) -> dict[str, str]:
    """An environment without a Docker engine and without root."""
    (tmp_path / "docker").write_text(FAKE_DOCKER)
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    for name in ("docker", "id"):
        (tmp_path / name).chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def said(script: str, environment: dict[str, str]) -> str:
    done = subprocess.run([ROOT / script], env=environment, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


def test_building_without_an_engine_fails_with_one_line(without_engine: dict[str, str]) -> None:
    assert said("docker/standin/build.sh", without_engine) == (
        "images: Docker does not respond: start it (to install it on Debian, run docker/standin/engine.sh)\n"
    )


def test_no_engine_and_no_root_fails_with_one_line(without_engine: dict[str, str]) -> None:
    assert said("docker/standin/engine.sh", without_engine) == (
        "engine: Docker does not respond here (Cannot connect to the Docker daemon), and fixing that needs root:"
        " start Docker, or run this as root\n"
    )


def test_a_running_engine_is_not_changed(without_engine: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "docker").write_text("#!/bin/sh\necho 1\n")
    done = subprocess.run(
        [ROOT / "docker/standin/engine.sh"], env=without_engine, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.splitlines() == ["engine: Docker 1, compose 1, buildx "]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_scripts_parse() -> None:
    for path in (ROOT / "docker").rglob("*.sh"):
        subprocess.run(["bash", "-n", path], check=True)
