"""The ``verify:`` section of ``glue-local.yaml``: the resources of the pipeline and the input of its execution."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glue_local.promote.definition.desired import Project, Resource
from glue_local.promote.definition.document import DefinitionError, Written

_TEXTS = ("delivery_stream", "state_machine", "database", "configuration")
_LISTS = ("tables", "by_arrival")


@dataclass(frozen=True)
class Verification:
    """The names in the account of the resources to copy, execute and compare."""

    delivery_stream: str
    state_machine: str
    database: str
    configuration: str
    """Where the jobs load the feed's configuration from: s3://bucket/prefix/."""
    tables: tuple[str, ...]
    by_arrival: tuple[str, ...]
    """Tables partitioned by arrival time; they are compared without their partition keys."""
    input: dict[str, str]


def verification(
    project: Project, resources: list[Resource], renamed: Callable[[Any], Any] = lambda value: value
) -> Verification:
    """Read ``verify:``, with its ``s3://`` paths mapped by ``renamed``; raises DefinitionError with the line."""
    if project.verify is None:
        raise DefinitionError(
            f"{project.written.place}: verify: is missing: it names the resources to copy, execute and compare"
        )
    members = dict(project.verify.items())
    wanted = (*_TEXTS, *_LISTS, "input")
    for name in members:
        if name not in wanted:
            raise project.verify.place_of(name).error(
                f"verify: unknown member {name}: choose one of {', '.join(wanted)}"
            )
    missing = [name for name in wanted if name not in members and name != "by_arrival"]
    if missing:
        raise project.verify.place.error(f"verify: {' and '.join(missing)} missing")
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
        raise written.place.error(f"expected a string, not {written.value!r}")
    return written.value


def _known(members: dict[str, Written], lists: dict[str, tuple[str, ...]], resources: list[Resource]) -> None:
    """Raise DefinitionError for a name that no resource has."""
    keys = {each.key for each in resources}
    for name, kind in (("delivery_stream", "delivery_streams"), ("state_machine", "state_machines"), ("database", "databases")):  # fmt: skip
        if f"{kind}/{members[name].value}" not in keys:
            raise members[name].place.error(f"{kind}: {members[name].value} is not defined")
    for name, tables in lists.items():
        for table in tables:
            if f"tables/{members['database'].value}.{table}" not in keys:
                raise members[name].place.error(f"tables: {table} is not defined in {members['database'].value}")
