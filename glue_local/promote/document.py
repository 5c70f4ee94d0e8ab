"""A YAML document whose every value knows its line, so that what is wrong with it can be pointed at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class DefinitionError(Exception):
    """A definition that cannot be used; the message begins with the file and the line."""


@dataclass(frozen=True)
class Place:
    """Where something is written."""

    file: Path
    line: int

    def error(self, message: str) -> DefinitionError:
        """Return the error that says ``message`` of this place."""
        return DefinitionError(f"{self.file}:{self.line}: {message}")


@dataclass(frozen=True)
class Written:
    """A value as read, with its node: the places of everything inside it."""

    value: Any
    node: yaml.Node
    file: Path

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.file, self.node.start_mark.line + 1)

    def items(self) -> list[tuple[str, "Written"]]:
        """Return the members of a mapping with their own nodes; raises DefinitionError for anything else."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.place.error("expected names and values here")
        return [(key.value, Written(self.value[key.value], value, self.file)) for key, value in self.node.value]

    def elements(self) -> list["Written"]:
        """Return the elements of a list with their own nodes; raises DefinitionError for anything else."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.place.error("expected a list here")
        return [Written(value, node, self.file) for value, node in zip(self.value, self.node.value, strict=True)]

    def place_of(self, key: str) -> Place:
        """Return where ``key`` of a mapping is written."""
        for name, _ in self.node.value:
            if name.value == key:
                return Place(self.file, name.start_mark.line + 1)
        return self.place


def read(file: Path, variables: Mapping[str, str]) -> Written:
    """Read a YAML file, its ``${variables}`` replaced; raises DefinitionError naming file and line."""
    try:
        text = file.read_text()
    except OSError as error:
        raise DefinitionError(f"{file}: cannot be read: {error.strerror}") from None
    lines = enumerate(text.split("\n"), 1)
    text = "\n".join(_replaced(line, variables, Place(file, number)) for number, line in lines)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise Place(file, mark.line + 1 if mark else 1).error(f"is not YAML: {error.problem}") from None
    if node is None:
        raise DefinitionError(f"{file}:1: is empty")
    return Written(value, node, file)


def _replaced(line: str, variables: Mapping[str, str], place: Place) -> str:
    return _VARIABLE.sub(lambda match: _variable(match[1], variables, place), line)


def _variable(name: str, variables: Mapping[str, str], place: Place) -> str:
    if name not in variables:
        raise place.error(f"${{{name}}} is not known here; known are {', '.join(sorted(variables))}")
    return variables[name]
