"""The ``verify:`` of ``glue-local.yaml``: which parts of the project make a pipeline, and what an execution is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glue_local.promote.desired import Project, Resource
from glue_local.promote.document import DefinitionError, Written

_TEXTS = ("delivery_stream", "state_machine", "database", "configuration")
_LISTS = ("tables", "by_arrival")


@dataclass(frozen=True)
class Verification:
    """What is copied, run and compared, by the names that it has in the account."""

    delivery_stream: str
    state_machine: str
    database: str
    configuration: str
    """Where the feed's configuration is put for the jobs to load: s3://bucket/prefix/."""
    tables: tuple[str, ...]
    by_arrival: tuple[str, ...]
    """Those of the tables whose partitions are of the time of arrival: compared without their keys."""
    input: dict[str, str]


def verification(
    project: Project, resources: list[Resource], renamed: Callable[[Any], Any] = lambda value: value
) -> Verification:
    """Return what ``verify:`` says, its ``s3://`` paths as ``renamed`` has them; raises DefinitionError with the line."""
    if project.verify is None:
        raise DefinitionError(f"{project.written.place}: has no verify:, which tells what to copy, run and compare")
    members = dict(project.verify.items())
    wanted = (*_TEXTS, *_LISTS, "input")
    for name in members:
        if name not in wanted:
            raise project.verify.place_of(name).error(f"verify: has no {name}; it has {', '.join(wanted)}")
    missing = [name for name in wanted if name not in members and name != "by_arrival"]
    if missing:
        raise project.verify.place.error(f"verify: needs {' and '.join(missing)}")
    lists = {name: tuple(map(_text, members[name].elements())) if name in members else () for name in _LISTS}
    _known(members, lists, resources)
    return Verification(
        delivery_stream=_text(members["delivery_stream"]),
        state_machine=_text(members["state_machine"]),
        database=_text(members["database"]),
        configuration=renamed(_text(members["configuration"])),
        tables=lists["tables"],
        by_arrival=lists["by_arrival"],
        input=renamed({name: _text(value) for name, value in members["input"].items()}),
    )


def _text(written: Written) -> str:
    if not isinstance(written.value, str):
        raise written.place.error(f"expected a text, not {written.value!r}")
    return written.value


def _known(members: dict[str, Written], lists: dict[str, tuple[str, ...]], resources: list[Resource]) -> None:
    """Raise for a name that no resource has."""
    keys = {each.key for each in resources}
    for name, kind in (("delivery_stream", "delivery_streams"), ("state_machine", "state_machines"), ("database", "databases")):  # fmt: skip
        if f"{kind}/{members[name].value}" not in keys:
            raise members[name].place.error(f"{kind}: has no {members[name].value}")
    for name, tables in lists.items():
        for table in tables:
            if f"tables/{members['database'].value}.{table}" not in keys:
                raise members[name].place.error(f"tables: has no {table} in {members['database'].value}")
