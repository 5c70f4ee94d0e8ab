"""Visual nodes: their types, properties, inputs and variables."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from glue_local.core.faults import Invalid
from glue_local.script_generation.python_source import call, literal

_OTHERS = re.compile(r"[^A-Za-z0-9_]")
_SIMPLE = re.compile(r"[\w ]*\Z")


class VisualNode(NamedTuple):
    """A node: its id, type and properties as in CodeGenConfigurationNodes, its variable, and its input nodes."""

    id: str
    type: str
    properties: Mapping[str, Any]
    variable: str
    inputs: tuple["VisualNode", ...] = ()

    @property
    def frame(self) -> str:
        """The variable of its only input."""
        return self.inputs[0].variable

    def input(self, node_id: str, member: str) -> "VisualNode":
        """Return the input with an id that ``member`` names; raises Invalid if there is none."""
        for one in self.inputs:
            if one.id == node_id:
                return one
        raise Invalid(f"{member} of node {self.id} names {node_id}, which is not one of its Inputs.")


class Code(NamedTuple):
    """The lines of a node in a script, and what they use: names in HELPERS, and imports."""

    lines: Sequence[str]
    uses: Sequence[str] = ()


def variable(node_id: str, name: str) -> str:
    """Return Glue Studio's variable of a node: the letters and digits of its name, ``_``, and those of its id."""
    letters = _OTHERS.sub("", name)
    return f"{'_' if letters[:1].isdigit() else ''}{letters}_{_OTHERS.sub('', node_id)}"


def assign(node: VisualNode, function: str, **arguments: Any) -> str:
    """Return the line that calls a function for a node; arguments are plain values, frames are given as ``Name``."""
    given = {key: value if isinstance(value, Name) else literal(value) for key, value in arguments.items()}
    return f"{node.variable} = {call(function, given)}"


class Name(str):
    """Source text, not a value."""


def path(parts: Sequence[str]) -> str:
    """Return a path; parts with other characters than letters, digits, _ and spaces get backticks."""
    return ".".join(part if _SIMPLE.match(part) or part.startswith("`") else f"`{part}`" for part in parts)


def paths(listed: Sequence[Sequence[str]]) -> list[str]:
    """Return the paths of a member such as ``Paths``."""
    return [path(parts) for parts in listed]
