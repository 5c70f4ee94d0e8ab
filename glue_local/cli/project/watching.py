"""Run again whenever a file is saved."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import typer
from rich.console import Console

from glue_local.cli.shared.error_messages import report_errors

_PAUSE = 0.2  # also how long a file has to stay as it is: editors write it in steps
_REPLACED = 1.0  # seconds within which an editor that replaces a file has written it again

Stamps = dict[Path, tuple[int, int] | None]


def run_on_saving(
    files: Callable[[], Iterable[Path]], once: Callable[[], None], interrupted: int, console: Console
) -> None:
    """Call ``once``, and again after each change of ``files``, until Ctrl-C or until it exits with ``interrupted``.

    Errors that the user can fix are printed. A change during a call is noticed after it.
    """
    while True:
        watched = sorted(set(files()))
        before = stamps(watched)
        try:
            with report_errors():
                once()
        except typer.Exit as exited:
            if exited.exit_code == interrupted:
                raise
        names = ", ".join(str(file) for file in watched if file.exists())
        try:
            console.print(f"waiting for a change of {names}; Ctrl-C ends", style="dim", soft_wrap=True, markup=False)
            changed = _await_change(watched, before)
        except KeyboardInterrupt:
            return
        console.print(f"{', '.join(map(str, changed))} changed", style="dim", soft_wrap=True, markup=False)


def stamps(files: Iterable[Path]) -> Stamps:
    """Return the time of change (ns) and the size of each file, or None if it does not exist."""
    found: Stamps = {}
    for file in files:
        try:
            stat = file.stat()
            found[file] = (stat.st_mtime_ns, stat.st_size)
        except OSError:
            found[file] = None
    return found


def _await_change(files: Iterable[Path], before: Stamps) -> list[Path]:
    while (now := stamps(files)) == before:
        time.sleep(_PAUSE)
    end = time.monotonic() + _REPLACED
    while time.monotonic() < end:
        time.sleep(_PAUSE)
        earlier, now = now, stamps(files)
        if now == earlier and all(now[file] for file in now if before[file]):
            break
    return [file for file in now if now[file] != before[file]]
