"""Check the packages of pyproject.toml's extras before a command imports them."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement

from glue_local.prerequisites import Unmet

DISTRIBUTION = "glue-local"


def check(extra: str, what: str) -> None:
    """Raise Unmet if a package of ``extra`` that ``what`` needs is missing or too old."""
    if found := lacking(extra):
        raise Unmet(f"{what} needs {found}: run `pip install 'glue-local[{extra}]'`")


def lacking(extra: str) -> str:
    """Describe the first package of an extra that is missing or has the wrong version; empty if none."""
    for wanted in requirements(extra):
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            return f"{wanted.name}, which is not installed"
        if not wanted.specifier.contains(found, prereleases=True):
            return f"{wanted.name}{wanted.specifier}, but {found} is installed"
    return ""


def requirements(extra: str) -> Iterator[Requirement]:
    """Yield the requirements of an extra, including those of the extras it contains."""
    for line in requires(DISTRIBUTION) or ():
        wanted = Requirement(line)
        if (
            wanted.marker is None
            or not wanted.marker.evaluate({"extra": extra})
            or wanted.marker.evaluate({"extra": ""})
        ):
            continue
        if wanted.name == DISTRIBUTION:
            for part in sorted(wanted.extras):
                yield from requirements(part)
        else:
            yield wanted
