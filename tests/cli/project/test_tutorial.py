"""docs/tutorial.md: every command, in an empty folder; the lines that it shows are in the output, in their order."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent.parent.parent / "docs" / "tutorial.md"
PATIENCE = 900.0
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def _blocks() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (text, [(command, lines shown)]) of each block; blocks of other terminals have no commands."""
    found = []
    for _, text in _BLOCK.findall(PAGE.read_text()):
        parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
        found.append((text, [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]))
    return found


def _normalised(text: str) -> list[str]:
    text = re.sub(r"SUCCEEDED in \d+ s", "SUCCEEDED in <n> s", text)
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _check(command: str, shown: str, output: str) -> None:
    lines = iter(_normalised(output))
    for line in _normalised(shown):
        assert any(each.startswith(line) for each in lines), f"{command}: {line!r} is not, or not there, in\n{output}"


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, with commands of this environment on the PATH and a free port."""
    (tmp_path / "bin").mkdir()
    for name, module in {"glue-local": "glue_local.cli", "pytest": "pytest"}.items():
        (tmp_path / "bin" / name).write_text(f'#!/bin/sh\nexec {sys.executable} -m {module} "$@"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GLUE_LOCAL_PORT", "0")
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST", "GLUE_LOCAL_DATA_DIR", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "work").mkdir()
    yield tmp_path / "work"
    subprocess.run(["glue-local", "down"], cwd=tmp_path / "work" / "shop", check=False, capture_output=True)


@pytest.mark.long
@pytest.mark.spark
def test_every_command_does_what_the_page_shows(terminal: Path) -> None:
    folder, done = terminal, 0
    watching: subprocess.Popen[bytes] | None = None
    log = terminal / "watch.log"
    for text, commands in _blocks():
        for command, shown in commands:
            done += 1
            if command.startswith("cd "):
                folder = folder / command[3:]
            elif "--watch" in command:
                with log.open("wb") as output:
                    watching = subprocess.Popen(command.split(), cwd=folder, stdout=output, stderr=subprocess.STDOUT)
                _await(command, shown, log)
            else:
                ran = subprocess.run(
                    command, shell=True, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
                )
                assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
                _check(command, shown, ran.stdout + ran.stderr)
        if not commands:
            assert watching is not None
            _await("--watch", text, log)
            watching.send_signal(signal.SIGINT)
            assert watching.wait(60) == 0
    assert done >= 20


def _await(command: str, shown: str, log: Path) -> None:
    """Wait until the log has the lines shown."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            _check(command, shown, log.read_text())
            return
        except AssertionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
