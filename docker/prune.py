"""Remove from a folder of installed packages what the container never opens: it is two thirds of their size."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SERVICES = (
    *("athena", "firehose", "glue", "iam", "kinesis", "logs", "s3", "scheduler", "ssm", "stepfunctions", "sts"),
)
"""The services that the container has AWS's models of: those it serves, and those it is a client of."""

UNUSED = (
    "*/tests",
    "pip*",
    "boto3/data/*",
    "boto3/examples",
    # Names what it colours source with one by one, and nobody asks.
    "pygments/lexers/[a-z]*",
    "lxml/includes",
    "lxml/isoschematron",
    "lxml/html",
    "lxml/objectify*",
    "lxml/*.[ch]",
    "lxml/*.p[yx][xi]",
    "pyarrow/include",
    "pyarrow/includes",
    "pyarrow/src",
    "pyarrow/*.p[yx][xdi]",
    "pyarrow/*.so.*.*.*",
    "pyarrow/libarrow_python.so",
    # All but reading and writing one Parquet file.
    "pyarrow/*flight*",
    "pyarrow/*substrait*",
    "pyarrow/*acero*",
    "pyarrow/*dataset*",
    "pyarrow/*orc*",
    "pyarrow/*feather*",
    "pyarrow/_[aghs]*fs.*",
    "pyarrow/*_cpp_tests*",
)

UNLINKED = ("substrait", "dataset", "acero")
"""Libraries that every part of pyarrow names as needed, whether it calls them or not."""


def unused(packages: Path) -> Iterator[Path]:
    """Yield the files and folders under ``packages`` that can go."""
    for pattern in UNUSED:
        yield from packages.glob(pattern)
    for entry in (packages / "botocore" / "data").iterdir():
        if entry.is_dir() and entry.name not in SERVICES:
            yield entry


def size(path: Path) -> int:
    """Return the bytes of a file, or of a folder's files."""
    return sum(each.lstat().st_size for each in (path, *path.rglob("*")) if not each.is_dir())


def unlink(pyarrow: Path) -> None:
    """Make what is left of pyarrow load without the libraries that are gone."""
    names = [
        word
        for name in UNLINKED
        for library in pyarrow.glob(f"libarrow_{name}.so*")
        for word in ("--remove-needed", library.name)
    ]
    kept = [*pyarrow.glob("*.cpython-*.so"), *pyarrow.glob("libarrow_python.so.*")]
    subprocess.run(["patchelf", *names, *kept], check=True)


def prune(packages: Path) -> int:
    """Remove what is unused; return how many bytes that was."""
    removed = 0
    unlink(packages / "pyarrow")
    for path in sorted(set(unused(packages))):
        removed += size(path)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return removed


if __name__ == "__main__":
    print(f"pruned {prune(Path(sys.argv[1])) / 1e6:.0f} MB")
