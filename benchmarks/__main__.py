"""Run the benchmarks named on the command line, or all, and update their rows in docs/performance.md."""

import os
import platform
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import (
    athena,
    crawl,
    delivery,
    frames,
    growth,
    in_a_row,
    lists,
    partitions,
    pipeline,
    start,
    starts,
    testing,
)
from benchmarks.figures import Figure

BENCHMARKS: dict[str, Callable[[], Iterable[Figure]]] = {
    "start": start.measure,
    "starts": starts.measure,
    "in_a_row": in_a_row.measure,
    "pipeline": pipeline.measure,
    "delivery": delivery.measure,
    "partitions": partitions.measure,
    "lists": lists.measure,
    "crawl": crawl.measure,
    "athena": athena.measure,
    "testing": testing.measure,
    "growth": growth.measure,
    "frames": frames.measure,
}
TABLE = Path(__file__).parent.parent / "docs" / "performance.md"
HEAD = """# Performance

Written by `make bench`, or for single rows by `python -m benchmarks NAME…`. Ratios compare measurements taken alternately in one
run; seconds and bytes are those of one machine. Budgets are the project's own.

Machine of the latest run: {machine}.

| what | figure | budget | met | detail |
|---|---|---|---|---|
"""


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def _row(figure: Figure) -> str:
    met = "yes" if figure.met else "**no**"
    return f"| {figure.what} | {figure.figure} | {figure.budget} | {met} | {figure.detail} |\n"


def _rows_of(table: str) -> dict[str, str]:
    """Return a table's rows by their first column."""
    lines = table.splitlines(keepends=True)[HEAD.count("\n") :]
    return {line.split("|")[1].strip(): line for line in lines if line.startswith("|")}


def _write(measured: dict[str, str], *, whole: bool) -> None:
    kept = {} if whole else _rows_of(TABLE.read_text())
    TABLE.write_text(HEAD.format(machine=_machine()) + "".join({**kept, **measured}.values()))


def main(names: list[str]) -> int:
    """Measure, print and save each row; a run of all benchmarks removes rows that no longer exist."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"unknown benchmark {', '.join(sorted(unknown))}: choose from {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    rows: dict[str, str] = {}
    for name in names or BENCHMARKS:
        print(f"… {name}", flush=True)
        for figure in BENCHMARKS[name]():
            rows[figure.what] = _row(figure)
            print(rows[figure.what], end="", flush=True)
        _write(rows, whole=False)
    if not names:
        _write(rows, whole=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
