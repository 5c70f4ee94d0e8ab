"""The prompt in a terminal: statements of several lines, completion, history, and errors that do not end it."""

import codecs
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import Answers

if TYPE_CHECKING:
    from glue_local.server import Server

_PATIENCE = 120.0


class Terminal:
    """A process with a terminal; ``shown`` is everything it has printed."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._end, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""
        # A read may end within a character.
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def type(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def interrupt(self) -> int:
        """Send Ctrl-C; return the position in ``shown`` where the output after it begins."""
        at = len(self.shown)
        os.killpg(self.process.pid, signal.SIGINT)
        return at

    def wait_for(self, text: str, after: int = 0) -> None:
        end = time.monotonic() + _PATIENCE
        while text not in self.shown[after:]:
            assert time.monotonic() < end, f"{text!r} is not in {self.shown[after:]!r}"
            if select.select([self._end], [], [], 0.2)[0]:
                try:
                    self.shown += self._decoder.decode(os.read(self._end, 65536))
                except OSError:  # the process has ended
                    assert text in self.shown[after:], self.shown
                    return

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._end)


@pytest.fixture
def terminal(endpoint: "Server", tmp_path: Path, aws: Callable[..., Any]) -> Iterator[Terminal]:
    command = [sys.executable, "-m", "glue_local.cli", "sql", "--endpoint-url", endpoint.endpoint]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "TERM": "dumb", "COLUMNS": "100"}
    opened = Terminal(command, environment)
    yield opened
    opened.close()


def test_a_session_at_the_prompt(terminal: Terminal, answers: Answers, aws: Callable[..., Any], tmp_path: Path) -> None:
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "prompt_roads"})
    columns = {"Columns": [{"Name": "direction", "Type": "string"}]}
    glue.create_table(DatabaseName="prompt_roads", TableInput={"Name": "carriageways", "StorageDescriptor": columns})
    terminal.wait_for("default> ")
    terminal.type("use prompt_ro\t;\n")
    terminal.wait_for("prompt_roads> ")
    with answers.rows({"direction": "varchar"}, ["Antwerpen"]):
        terminal.type("selec\tdirection -- not the end;\n")
        terminal.wait_for("… ")
        terminal.type("from carr\t;\n")
        terminal.wait_for("1 row, ")
    assert " ".join(answers.asked[0]["Query"].split()) == "select direction -- not the end; from carriageways"
    assert answers.asked[0]["QueryExecutionContext"] == {"Database": "prompt_roads"}
    with answers.failure("SYNTAX_ERROR: line 1:1"):
        terminal.type("selekt;\n")
        terminal.wait_for("FAILED: SYNTAX_ERROR: line 1:1")
    with answers.never():
        terminal.type("select * from everything;\n")
        started = time.monotonic()
        while len(answers.asked) < 3:
            assert time.monotonic() - started < _PATIENCE
            time.sleep(0.05)
        at = terminal.interrupt()
        terminal.wait_for("stopped the query", at)
        terminal.wait_for("prompt_roads> ", at)
    at = len(terminal.shown)
    terminal.type("select 'unfinished\n")
    terminal.wait_for("… ", at)
    terminal.wait_for("prompt_roads> ", terminal.interrupt())
    terminal.type("exit\n")
    assert terminal.process.wait(_PATIENCE) == 0
    assert "selekt;" in (tmp_path / "glue-local" / "sql-history").read_text()
