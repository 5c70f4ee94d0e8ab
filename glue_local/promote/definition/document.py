"""YAML documents that record each value's line, for precise error messages."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Scalar = str | int | float | bool

# $${ is an escaped ${, because IAM policies have variables too.
_VARIABLE = re.compile(r"\$(\$\{)|\$\{([^}]*)\}")
_TAGS: dict[type, str] = {bool: "bool", int: "int", float: "float", str: "str"}


class DefinitionError(Exception):
    """Invalid definitions; each of ``faults`` starts with file and line."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        several = f"the definitions have {len(faults)} faults:\n" if len(faults) > 1 else ""
        super().__init__(several + "\n".join(faults))


class Faults:
    """Collects the faults of definitions, so that all are reported at once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note a DefinitionError that is raised inside, and go on."""
        try:
            yield
        except DefinitionError as error:
            self.note(error)

    def note(self, error: DefinitionError) -> None:
        """Note the faults of an error that were not noted before."""
        self.found += [fault for fault in error.faults if fault not in self.found]

    def check(self) -> None:
        """Raise a DefinitionError with all faults that were noted, if there are any."""
        if self.found:
            raise DefinitionError(*self.found)


@dataclass(frozen=True)
class Place:
    """A position in a file."""

    file: Path
    line: int

    def error(self, message: str) -> DefinitionError:
        """Return a DefinitionError with this position and ``message``."""
        return DefinitionError(f"{self}: {message}")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Written:
    """A value with its YAML node, which has the positions of everything inside it."""

    value: Any
    node: yaml.Node
    file: Path

    @property
    def place(self) -> Place:
        """Its position."""
        return Place(self.file, self.node.start_mark.line + 1)

    def items(self) -> list[tuple[str, "Written"]]:
        """Return the members of a mapping; raises DefinitionError for anything else."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.place.error("expected a mapping")
        return [(key.value, Written(value, node, self.file)) for (key, node), value in self._members()]

    def _members(self) -> Any:
        return zip(self.node.value, self.value.values(), strict=True)

    def elements(self) -> list["Written"]:
        """Return the elements of a list; raises DefinitionError for anything else."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.place.error("expected a list")
        return [Written(value, node, self.file) for value, node in zip(self.value, self.node.value, strict=True)]

    def place_of(self, key: str) -> Place:
        """Return the position of a mapping's ``key``."""
        for name, _ in self.node.value:
            if name.value == key:
                return Place(self.file, name.start_mark.line + 1)
        return self.place

    def replaced(self, variables: Mapping[str, Scalar]) -> "Written":
        """Replace ``${variables}``; a value that is a single variable gets the variable's type."""
        faults = Faults()
        node = _replaced(self.node, variables, self.file, faults)
        faults.check()
        return Written(_constructed(node), node, self.file)


def read(file: Path, variables: Mapping[str, Scalar] | None = None) -> Written:
    """Read a YAML file and replace ``${variables}`` if any are given; raises DefinitionError with file and line."""
    text = _text(file)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise DefinitionError(f"{file}:1: the file is empty")
        written = Written(_constructed(node), node, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise Place(file, mark.line + 1 if mark else 1).error(f"invalid YAML: {error.problem}") from None
    return written if variables is None else written.replaced(variables)


def read_text(file: Path, variables: Mapping[str, Scalar]) -> str:
    """Read a text file and replace ``${variables}``; raises DefinitionError with file and line."""
    lines = enumerate(_text(file).split("\n"), 1)
    return "\n".join(_in_text(line, variables, Place(file, number)) for number, line in lines)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise DefinitionError(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{file} is not UTF-8 (invalid byte {error.start}): save it as UTF-8") from None


def _constructed(node: yaml.Node) -> Any:
    constructor = yaml.constructor.SafeConstructor()
    return constructor.construct_document(node)


def _replaced(node: yaml.Node, variables: Mapping[str, Scalar], file: Path, faults: Faults) -> yaml.Node:
    if isinstance(node, yaml.MappingNode):
        members = [(key, _replaced(value, variables, file, faults)) for key, value in node.value]
        return yaml.MappingNode(node.tag, members, node.start_mark, node.end_mark)
    if isinstance(node, yaml.SequenceNode):
        elements = [_replaced(value, variables, file, faults) for value in node.value]
        return yaml.SequenceNode(node.tag, elements, node.start_mark, node.end_mark)
    with faults.noted():
        return _scalar(node, variables, Place(file, node.start_mark.line + 1))
    return node


def _scalar(node: yaml.Node, variables: Mapping[str, Scalar], place: Place) -> yaml.Node:
    if "${" not in node.value:
        return node
    whole = _VARIABLE.fullmatch(node.value)
    if whole and whole[2] is not None:
        value = _variable(whole[2], variables, place)
    else:
        value = _in_text(node.value, variables, place)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return yaml.ScalarNode(f"tag:yaml.org,2002:{_TAGS[type(value)]}", text, node.start_mark, node.end_mark)


def _in_text(text: str, variables: Mapping[str, Scalar], place: Place) -> str:
    return _VARIABLE.sub(lambda match: match[1] or str(_variable(match[2], variables, place)), text)


def _variable(name: str, variables: Mapping[str, Scalar], place: Place) -> Scalar:
    if name not in variables:
        raise place.error(f"unknown variable ${{{name}}}: choose one of {', '.join(sorted(variables))}")
    return variables[name]
