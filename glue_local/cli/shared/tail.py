"""What following a run looks like: its lines as they come, below them one line with its state."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
from rich.live import Live
from rich.status import Status
from rich.text import Text

from glue_local.executions import ENDED, Line, Tail

_PAUSE = 0.3


@contextmanager
def status(console: Console, text: str) -> Iterator[Callable[[str], None]]:
    """Show one live line below the output; call what is yielded to change it. Without a terminal, nothing shows."""
    with Status(Text(text), console=console, refresh_per_second=5) as shown:
        yield lambda now: shown.update(Text(now))


@contextmanager
def live(console: Console, first: RenderableType) -> Iterator[Callable[[RenderableType], None]]:
    """Show something that changes; call what is yielded to change it. Without a terminal, its last state is printed."""
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
    """Print a line of a run; what it wrote to its error stream is dimmed."""
    console.print(Text(line.text, style="dim" if line.error else ""), soft_wrap=True)


def to_its_end(glue: Any, tail: Tail, job: str, run_id: str, console: Console) -> dict[str, Any]:
    """Follow a run until it has ended; return its JobRun. Ctrl-C raises KeyboardInterrupt here, the run goes on."""
    began = time.monotonic()
    with status(console, f"{job} {run_id[:11]}…") as tell:
        while True:
            run: dict[str, Any] = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
            for line in tail.lines():
                show(console, line)
            if run["JobRunState"] in ENDED:
                return run
            tell(f"{job}  {run['JobRunState']}  {time.monotonic() - began:.0f} s")
            time.sleep(_PAUSE)
