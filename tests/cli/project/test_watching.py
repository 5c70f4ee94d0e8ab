"""`run --watch` on a real worker: a saved file runs again."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from glue_local.cli.project.watching import stamps
from tests.server_process import server_in_process

PATIENCE = 60.0


class Watching:
    """A running ``glue-local run … --watch`` and its lines."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process, self._lines = process, queue.Queue[str]()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.strip())

    def until(self, text: str) -> list[str]:
        """Return the lines up to the first that contains ``text``."""
        found: list[str] = []
        while not found or text not in found[-1]:
            found.append(self._lines.get(timeout=PATIENCE))
        return found


def test_saving_a_file_runs_it_again(tmp_path: Path) -> None:
    script = tmp_path / "x.py"
    script.write_text("print('first')\n")
    with server_in_process(tmp_path, "worker") as server:
        command = [sys.executable, "-m", "glue_local.cli", "run", "x.py", "--watch", "--port", str(server.port)]
        streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, cwd=tmp_path, env=environment, **streams) as running:
            try:
                _save_and_watch(script, running)
            finally:
                running.kill()


def _save_and_watch(script: Path, running: "subprocess.Popen[str]") -> None:
    watching, definition = Watching(running), script.with_suffix(".yaml")
    assert "first" in watching.until("waiting for a change of x.py")
    script.write_text("print('second')\nraise ValueError('no')\n")
    second = watching.until("waiting for")
    assert "x.py changed" in second
    assert "second" in second
    assert any("x: FAILED" in line and "ValueError: no" in line for line in second)
    # A definition that appears beside it counts too, and one that is invalid does not end the watch.
    definition.write_text("Name: x\n")
    assert any("x.yaml:1: CreateJob requires Role and Command" in line for line in watching.until("waiting for"))
    definition.unlink()
    script.write_text("print('third')\n")
    assert "third" in watching.until("waiting for")
    running.send_signal(signal.SIGINT)
    assert running.wait(PATIENCE) == 0


def test_stamps_tell_saved_and_missing_files_apart(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    assert stamps([file]) == {file: None}
    file.write_text("1")
    before = stamps([file])
    time.sleep(0.01)
    file.write_text("2")
    assert stamps([file]) != before
