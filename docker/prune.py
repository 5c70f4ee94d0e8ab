"""Remove files that the container never uses, two thirds of the size, from a folder of installed packages."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SERVICES = (
    *(
        "athena",
        "dynamodb",
        "events",
        "firehose",
        "glue",
        "iam",
        "kinesis",
        "lambda",
        "logs",
        "resourcegroupstaggingapi",
        "s3",
        "scheduler",
        "secretsmanager",
        "sns",
        "sqs",
        "ssm",
        "stepfunctions",
        "sts",
    ),
)
"""Services whose botocore models the container needs, as a server or a client."""

UNUSED = (
    "*/tests",
    "pip*",
    "boto3/data/*",
    "boto3/examples",
    # Unused lexers.
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
    # Everything except reading and writing Parquet files.
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
"""Libraries that all parts of pyarrow are linked with, even if they do not call them."""


def unused(packages: Path) -> Iterator[Path]:
    """Yield the unused files and folders under ``packages``."""
    for pattern in UNUSED:
        yield from packages.glob(pattern)
    for entry in (packages / "botocore" / "data").iterdir():
        if entry.is_dir() and entry.name not in SERVICES:
            yield entry


def size(path: Path) -> int:
    """Return the size in bytes of a file or folder."""
    return sum(each.lstat().st_size for each in (path, *path.rglob("*")) if not each.is_dir())


def unlink(pyarrow: Path) -> None:
    """Unlink pyarrow's remaining libraries from the removed ones, so that they load."""
    names = [
        word
        for name in UNLINKED
        for library in pyarrow.glob(f"libarrow_{name}.so*")
        for word in ("--remove-needed", library.name)
    ]
    kept = [*pyarrow.glob("*.cpython-*.so"), *pyarrow.glob("libarrow_python.so.*")]
    subprocess.run(["patchelf", *names, *kept], check=True)


def prune(packages: Path) -> int:
    """Remove unused files; return their size in bytes."""
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
