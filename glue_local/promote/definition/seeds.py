"""The ``seeds`` of glue-local.yaml: files for the local S3, and tables made from them. Promotions ignore them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from glue_local.promote.definition.document import Faults, Place, Scalar, Written

_MEMBERS = ("Source", "Destination", "Table")
_TABLE = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


@dataclass(frozen=True)
class Seed:
    """A file or folder on disk, the ``s3://`` URL it is put at, and the table (``database.table``) made from it, if any."""

    source: Path
    destination: str
    table: str | None
    place: Place

    @property
    def bucket(self) -> str:
        """The bucket of its destination."""
        return self.destination.removeprefix("s3://").partition("/")[0]

    @property
    def key(self) -> str:
        """The key of its destination; a prefix if it ends with a slash."""
        return self.destination.removeprefix("s3://").partition("/")[2]

    def files(self) -> list[tuple[Path, str]]:
        """Return each file with its key; not the hidden ones, nor those in hidden folders."""
        if self.source.is_dir():
            prefix = f"{self.key.rstrip('/')}/"
            found = {file: file.relative_to(self.source) for file in sorted(self.source.rglob("*")) if file.is_file()}
            shown = {file: path for file, path in found.items() if not any(part.startswith(".") for part in path.parts)}
            return [(file, f"{prefix}{path.as_posix()}") for file, path in shown.items()]
        return [(self.source, f"{self.key}{self.source.name}" if self.key.endswith("/") else self.key)]


def read_seeds(written: Written | None, folder: Path, variables: Mapping[str, Scalar], faults: Faults) -> list[Seed]:
    """Return the seeds of a definition file in ``folder``; notes the faults of invalid ones."""
    found: list[Seed] = []
    if written is None or written.value is None:
        return found
    with faults.noted():
        for element in written.elements():
            with faults.noted():
                found.append(_seed(element.replaced(variables), folder))
    return found


def _seed(written: Written, folder: Path) -> Seed:
    members = dict(written.items())
    for name in members:
        if name not in _MEMBERS:
            raise written.place_of(name).error(f"unknown member {name} of a seed: use {', '.join(_MEMBERS)}")
    for name in ("Source", "Destination"):
        if not isinstance(getattr(members.get(name), "value", None), str):
            raise written.place.error(f"{name} of a seed is missing")
    destination, table = str(members["Destination"].value), members.get("Table")
    if not re.match(r"s3://[^/]+/[^/]", destination):
        raise written.place_of("Destination").error(f"Destination must be s3://bucket/key, not {destination}")
    source = folder / members["Source"].value
    if not source.exists():
        raise written.place_of("Source").error(f"file {source} does not exist")
    if table is not None and not _TABLE.fullmatch(str(table.value)):
        place = written.place_of("Table")
        raise place.error(f"Table must be database.table in lower-case letters, digits and _, not {table.value}")
    return Seed(source, destination, str(table.value) if table else None, written.place)
