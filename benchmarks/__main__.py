"""Run the benchmarks named on the command line, all by default, and write docs/performance.md."""

import os
import platform
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import delivery, frames, growth, partitions, pipeline, start, starts, testing
from benchmarks.figures import Figure

BENCHMARKS: dict[str, Callable[[], Iterable[Figure]]] = {
    "start": start.measure,
    "starts": starts.measure,
    "pipeline": pipeline.measure,
    "delivery": delivery.measure,
    "partitions": partitions.measure,
    "testing": testing.measure,
    "growth": growth.measure,
    "frames": frames.measure,
}
TABLE = Path(__file__).parent.parent / "docs" / "performance.md"
HEAD = """# Performance

Written by `make bench`. Figures are ratios, or come from one run on one machine; budgets are the project's own.

Machine of this run: {machine}.

| what | figure | budget | met | detail |
|---|---|---|---|---|
"""


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def _row(figure: Figure) -> str:
    met = "yes" if figure.met else "**no**"
    return f"| {figure.what} | {figure.figure} | {figure.budget} | {met} | {figure.detail} |\n"


def main(names: list[str]) -> int:
    """Measure, print each row as it comes, and write the table when everything was measured."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"unknown benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    rows = []
    for name in names or BENCHMARKS:
        print(f"… {name}", flush=True)
        for figure in BENCHMARKS[name]():
            rows.append(_row(figure))
            print(rows[-1], end="", flush=True)
    if not names:
        TABLE.write_text(HEAD.format(machine=_machine()) + "".join(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
