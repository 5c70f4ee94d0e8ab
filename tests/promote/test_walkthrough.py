"""The walk-through in docs/promote.md: its files, commands and outputs, run against a second account."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stack import free_port
from tests.promote.conftest import account_url, reset

__all__ = ["account_url"]

PAGE = Path(__file__).parent.parent.parent / "docs" / "promote.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_VARIABLE = (
    (re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}…"), "<sha256>"),
    (re.compile(r"\bjr_[0-9a-f]{64}\b"), "<run>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"), "<time>"),
    (re.compile(r"SUCCEEDED in \d+ s"), "SUCCEEDED in <n> s"),
    (re.compile(r"(localhost:|on port )\d+"), r"\1<port>"),
)


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield (paragraph before it, language, text) of each block."""
    page = PAGE.read_text()
    for block in _BLOCK.finditer(page):
        yield page[: block.start()].rstrip("\n").rpartition("\n\n")[2], block[1], block[2]


def commands(block: str) -> list[tuple[str, str]]:
    """Return (command, expected output) of a console block."""
    return [tuple(part.partition("\n")[::2]) for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]  # type: ignore[misc]


def normalised(text: str) -> list[str]:
    for pattern, name in _VARIABLE:
        text = pattern.sub(name, text)
    return [line.rstrip() for line in text.splitlines()]


@pytest.fixture
def shell(account_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for the project, and an environment with a profile for the account and a port for the server."""
    reset(account_url)
    port, folder = free_port(), tmp_path / "project"
    (folder / "jobs").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "glue-local").write_text(f'#!/bin/sh\nexec {sys.executable} -m glue_local.cli "$@"\n')
    (tmp_path / "bin" / "glue-local").chmod(0o755)
    (tmp_path / "aws").write_text(f"[profile shop-prod]\nendpoint_url = {account_url}\nregion = eu-west-1\n")
    (tmp_path / "credentials").write_text("[shop-prod]\naws_access_key_id = a\naws_secret_access_key = b\n")
    for name, value in {
        "AWS_CONFIG_FILE": tmp_path / "aws",
        "AWS_SHARED_CREDENTIALS_FILE": tmp_path / "credentials",
        "GLUE_LOCAL_PORT": port,
        "LOCALSTACK_HOST": f"localhost:{port}",
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }.items():
        monkeypatch.setenv(name, str(value))
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    subprocess.run(["glue-local", "down"], cwd=folder, check=False, capture_output=True)


def run(command: str, folder: Path) -> str:
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout + done.stderr


@pytest.mark.long
def test_every_command_prints_what_the_page_shows(shell: Path) -> None:
    done = 0
    for paragraph, language, text in blocks():
        named = re.match(r"`([\w./-]+)`", paragraph)
        if language == "console":
            for command, expected in commands(text):
                assert normalised(run(command, shell)) == normalised(expected), command
                done += 1
        elif named:
            (shell / named[1]).write_text(text)
        elif language == "yaml":
            with (shell / "glue-local.yaml").open("a") as definitions:
                definitions.write(f"\n{text}")
        else:
            local = text.replace("localhost:4566", os.environ["LOCALSTACK_HOST"])
            subprocess.run([sys.executable, "-c", local], cwd=shell, check=True)
    assert done >= 15
