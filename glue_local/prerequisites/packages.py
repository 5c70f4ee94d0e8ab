"""Install Python packages with pip, and show one line of progress instead of its output.

``make`` runs this before anything is installed, so it only uses the standard library.
"""

import queue
import re
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from glue_local.prerequisites import Unmet

_PINNED = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*==", re.MULTILINE)
_FOUND = re.compile(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9][A-Za-z0-9._-]*)")
_SIZE = re.compile(r"\s+Downloading \S+ \(([\d.]+ [kMG]B)\)")
_BUILDING = re.compile(r"\s*Building wheel for (\S+) .*started")
_INSTALLING = re.compile(r"Installing collected packages: (.*)")
_TOLD = ("WARNING", "ERROR", "error:", "DEPRECATION")
_TICK = 0.5  # seconds between updates while pip prints nothing
_SELDOM = 10.0  # seconds between lines if lines cannot be rewritten
_LAST_LINES = 30


@dataclass
class Progress:
    """pip's progress, from the lines that it prints."""

    total: int
    """How many packages are requested."""
    installed: Callable[[], int]
    """Returns how many packages the environment has."""
    seen: int = 0
    now: str = ""
    _before: int = 0
    _to_install: int = 0
    lines: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        """Process a line of pip's output."""
        self.lines.append(line)
        if line.startswith("Ignoring "):
            self.total -= 1  # its marker is for another Python or another system
        elif found := _FOUND.match(line):
            self.seen, self.now = self.seen + 1, found[1]
        elif size := _SIZE.match(line):
            self.now = f"{self.now.partition(' ')[0]} ({size[1]})"
        elif building := _BUILDING.match(line):
            self.now = f"building {building[1]}"
        elif installing := _INSTALLING.match(line):
            self._to_install, self._before = len(installing[1].split(",")), self.installed()

    def __str__(self) -> str:
        if self._to_install:
            return f"{min(self.installed() - self._before, self._to_install)} of {self._to_install} installed"
        return f"{min(self.seen, self.total)} of {self.total} collected, {self.now}".rstrip(", ")


def install(arguments: Sequence[str], title: str, total: int, out: TextIO | None = None) -> None:
    """Run ``pip install`` with ``arguments`` and show its progress behind ``title``.

    Raises Unmet if pip fails, after writing pip's reason to standard error.
    """
    out = out or sys.stdout
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    progress = Progress(total, _installed)
    show = _rewriting(title, out) if out.isatty() else _seldom(title, out)
    started = time.monotonic()
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as pip:
        for line in _lines(pip):
            if line is not None:
                progress.read(line)
                if line.startswith(_TOLD):
                    show("", 0)
                    print(line, file=sys.stderr, flush=True)
            show(str(progress), time.monotonic() - started)
    show("", 0)
    if pip.returncode:
        print("\n".join(_reason(progress.lines)), file=sys.stderr)
        raise Unmet("pip could not install the packages (see above): fix the problem, then run the command again")
    print(f"{title}: {total_of(progress)} in {time.monotonic() - started:.0f} s", file=out, flush=True)


def total_of(progress: Progress) -> str:
    """Return the summary for the last line."""
    return f"{progress.total} package{'s' * (progress.total != 1)}"


def pinned(lock: str) -> int:
    """Return how many packages a lock file has, including those for other systems."""
    return len(_PINNED.findall(lock))


def _installed() -> int:
    return len(list(Path(sysconfig.get_path("purelib")).glob("*.dist-info")))


def _lines(process: "subprocess.Popen[str]") -> Iterator[str | None]:
    """Yield each line of a process's output, and None after each tick without one."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        for line in process.stdout or ():
            lines.put(line.rstrip())
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=_TICK)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line


Show = Callable[[str, float], None]


def _rewriting(title: str, out: TextIO) -> Show:
    """Show progress on one line of a terminal; empty text clears it."""

    def show(text: str, seconds: float) -> None:
        line = f"{title}: {text}, {seconds:.0f} s"[:79] if text else ""
        out.write(f"\r\x1b[2K{line}")
        out.flush()

    return show


def _seldom(title: str, out: TextIO) -> Show:
    """Print progress as separate lines, at intervals."""
    told = [0.0]

    def show(text: str, seconds: float) -> None:
        if text and seconds - told[0] >= _SELDOM:
            told[0] = seconds
            print(f"{title}: {text}, {seconds:.0f} s", file=out, flush=True)

    return show


def _reason(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines of pip's output that explain a failure and were not shown yet, up to its first error."""
    first = next((at for at, line in enumerate(lines) if line.startswith(("ERROR", "error:"))), len(lines))
    return [line for line in lines[:first][-_LAST_LINES:] if not line.startswith(_TOLD)] + [
        line for line in lines[first:][-_LAST_LINES:] if not line.startswith(_TOLD)
    ]


def main(lock: str, *editable: str) -> None:
    """Install the packages that a lock file pins, then folders of this repository in editable mode."""
    title = "[2/3] Python packages"
    try:
        install(["-r", lock], title, pinned(Path(lock).read_text()))
        # The lock file has their dependencies and their build backend.
        folders = [word for folder in editable for word in ("--editable", folder)]
        install(["--no-deps", "--no-build-isolation", *folders], "      glue-local itself", len(editable))
    except Unmet as unmet:
        sys.exit(f"glue-local: {unmet}")


if __name__ == "__main__":
    main(*sys.argv[1:])
