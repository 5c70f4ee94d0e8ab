"""What the agent says to the process of a run: one line of standard input for each step it may take."""

import os
import threading


class Words:
    """The lines of standard input; when it ends, the agent is gone, and this process group is killed.

    They are taken off standard input, which is empty from then on: a script that reads it, or starts a program that
    does, meets its end, as on AWS, and no word of the agent's.
    """

    def __init__(self) -> None:
        self._lines = threading.Semaphore(0)
        self._pipe = os.dup(0)  # not inherited by programs
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        threading.Thread(target=self._listen, daemon=True, name="words").start()

    def wait(self) -> None:
        """Return when the agent has said one line more."""
        self._lines.acquire()

    def _listen(self) -> None:
        # Not sys.stdin: a thread that holds its lock makes the interpreter abort when it ends by itself.
        while heard := os.read(self._pipe, 64):
            for _ in range(heard.count(b"\n")):
                self._lines.release()
        os.killpg(0, 9)
