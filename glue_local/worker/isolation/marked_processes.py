"""Find processes by an inherited environment variable, even if they have left their process group or session."""

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

RUN_FOLDER = "GLUE_LOCAL_RUN_FOLDER"
"""Set for every process of a run folder: drivers, scripts, JVMs, and their child processes."""
RUN = "GLUE_LOCAL_RUN"
"""Set for the processes of one run only; a driver's JVM outlives a run and does not have it."""

_PASSES = 20


def run_marker(folder: Path, number: int) -> str:
    """Return the value of ``RUN`` for the n-th run of a driver's folder: no two runs have the same."""
    return f"{folder}#{number}"


def end_marked(name: str, is_meant: Callable[[str], bool], spare: frozenset[int] = frozenset()) -> None:
    """Kill every process with a matching value of the variable ``name``, except this one and ``spare``.

    Repeats until it finds none, because processes may start others in between. Only Linux shows other processes'
    environments; elsewhere this finds none.
    """
    spared = spare | {os.getpid()}
    for _ in range(_PASSES):
        found = [pid for pid in _marked(name, is_meant) if pid not in spared]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _marked(name: str, is_meant: Callable[[str], bool]) -> list[int]:
    begin, found = f"{name}=".encode(), []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        # Environments of other users cannot be read, and a zombie's is empty.
        with contextlib.suppress(OSError):
            values = [entry for entry in environ.read_bytes().split(b"\0") if entry.startswith(begin)]
            if any(is_meant(os.fsdecode(value[len(begin) :])) for value in values):
                found.append(int(environ.parent.name))
    return found
