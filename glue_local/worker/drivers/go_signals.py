"""Signals from the agent to the process of a run: one line of standard input per step."""

import os
import threading
from pathlib import Path

from glue_local.worker.isolation.marked_processes import RUN_FOLDER, end_marked


class GoSignals:
    """The lines of standard input. When it ends, the agent has ended, and every process of the run folder is killed.

    Standard input is replaced by an empty one: a script or its child process that reads it gets its end, as on AWS,
    instead of the agent's lines.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._lines = threading.Semaphore(0)
        self._pipe = os.dup(0)  # not inherited by programs
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        threading.Thread(target=self._listen, daemon=True, name="go-signals").start()

    def wait(self) -> None:
        """Wait until the agent has sent one more line."""
        self._lines.acquire()

    def _listen(self) -> None:
        # Not sys.stdin: a thread that holds its lock aborts the interpreter at exit.
        while heard := os.read(self._pipe, 64):
            for _ in range(heard.count(b"\n")):
                self._lines.release()
        end_marked(RUN_FOLDER, lambda folder: folder == self._folder)
        os.killpg(0, 9)
