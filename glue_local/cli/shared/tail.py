"""Follow a run in the terminal: print its log lines as they appear, with a status line below them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
from rich.live import Live
from rich.status import Status
from rich.text import Text

from glue_local.client.executions import ENDED, Line, Tail

_PAUSE = 0.3


@contextmanager
def status(console: Console, text: str) -> Iterator[Callable[[str], None]]:
    """Show a status line below the output; the yielded function updates it. Shows nothing without a terminal."""
    with Status(Text(text), console=console, refresh_per_second=5) as shown:
        yield lambda now: shown.update(Text(now))


@contextmanager
def live(console: Console, first: RenderableType) -> Iterator[Callable[[RenderableType], None]]:
    """Show a live display; the yielded function updates it. Without a terminal, print its last state only."""
    last = [first]
    if console.is_terminal:
        with Live(first, console=console, refresh_per_second=5) as shown:
            yield shown.update
        return
    try:
        yield lambda now: last.__setitem__(0, now)
    finally:
        console.print(last[0])


def show(console: Console, line: Line) -> None:
    """Print a log line, dimmed if it comes from the error stream."""
    console.print(Text(line.text, style="dim" if line.error else ""), soft_wrap=True)


def to_its_end(glue: Any, tail: Tail, job: str, run_id: str, console: Console) -> dict[str, Any]:
    """Follow a run until it ends and return its JobRun. Ctrl-C raises KeyboardInterrupt and leaves the run running."""
    began = time.monotonic()
    with status(console, f"{job} {run_id[:11]}…") as update:
        while True:
            run: dict[str, Any] = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
            for line in tail.lines():
                show(console, line)
            if run["JobRunState"] in ENDED:
                return run
            update(f"{job}  {run['JobRunState']}  {time.monotonic() - began:.0f} s")
            time.sleep(_PAUSE)
