"""Track which input members of an execution a value contains, through JSONPath and JSONata expressions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# JSONPath: $ the state's input, $$ the context, $name a variable; then .name, ['name'], [0], [*].
_PATH = re.compile(r"\$\$?[A-Za-z_]?\w*(?:\.{1,2}[A-Za-z_][\w-]*|\.\*|\[[^\]]*\])*")
_STEP = re.compile(r"\.{1,2}([A-Za-z_][\w-]*)|\[\s*(?:'([^']*)'|\"([^\"]*)\")\s*\]|`([^`]*)`")
_JSONATA = re.compile(r"\$(\w*)((?:\.(?:\w+|`[^`]*`)|\[\s*(?:'[^']*'|\"[^\"]*\")\s*\])*)")
_TEXTS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
_MERGE = re.compile(r"States\.JsonMerge\(([^,()]+),([^,()]+),[^,()]*\)")
_WHOLE = re.compile(r"\{%(.*)%\}", re.DOTALL)


@dataclass(frozen=True)
class Value:
    """A value: the input members it contains, its known members, and whether it is the whole input."""

    holds: frozenset[str] = frozenset()
    members: tuple[tuple[str, "Value"], ...] = ()
    is_input: bool = False

    def member(self, name: str) -> "Value":
        """Return the member ``name``; anything inside an input member counts as that member."""
        known = dict(self.members)
        if name in known:
            return known[name]
        return Value(frozenset({name})) if self.is_input else Value(self.holds)

    def at(self, names: list[str]) -> "Value":
        """Return the value at a path."""
        return self.member(names[0]).at(names[1:]) if names else self

    def holding(self, wanted: frozenset[str]) -> frozenset[str]:
        """Return the wanted input members that it contains at any depth."""
        known = dict(self.members)
        own = wanted - known.keys() if self.is_input else self.holds & wanted
        return own.union(*(value.holding(wanted) for value in known.values()))

    def with_member(self, names: list[str], value: "Value") -> "Value":
        """Return a copy with another value at a path."""
        if not names:
            return value
        below = self.member(names[0]).with_member(names[1:], value)
        return replace(self, members=_sorted({**dict(self.members), names[0]: below}))

    def merged(self, over: "Value") -> "Value":
        """Merge ``over`` into it as JsonMerge does, assuming that the input has every member."""
        if over.is_input:
            return over
        members = _sorted({**dict(self.members), **dict(over.members)})
        return Value(self.holds | over.holds, members, self.is_input)


NOTHING = Value()
INPUT = Value(is_input=True)


def _sorted(members: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(members.items(), key=lambda item: item[0]))


@dataclass(frozen=True)
class Scope:
    """The values a state's expressions may refer to: its input, variables, the item of a Map, and the task result."""

    data: Value
    variables: tuple[tuple[str, Value], ...] = ()
    item: Value = NOTHING
    result: Value = NOTHING
    jsonata: bool = field(default=False)

    def with_variables(self, values: Mapping[str, Value]) -> "Scope":
        """Return a copy with additional variables."""
        return replace(self, variables=_sorted({**dict(self.variables), **values}))

    def value(self, template: Any) -> Value:
        """Evaluate a payload template with its paths and expressions."""
        if isinstance(template, dict):
            return Value(members=_sorted({_plain(key): self._member(key, value) for key, value in template.items()}))
        if isinstance(template, list):
            return self._together([self.value(each) for each in template])
        whole = _WHOLE.fullmatch(template.strip()) if self.jsonata and isinstance(template, str) else None
        return self._expression(whole[1]) if whole else NOTHING

    def _member(self, key: str, value: Any) -> Value:
        if not self.jsonata and key.endswith(".$"):
            return self.path(str(value))
        return self.value(value)

    def path(self, text: str | None) -> Value:
        """Evaluate a JSONPath or an intrinsic function; None (null in the definition) gives an empty value."""
        if text is None:
            return NOTHING
        if not text.startswith("States."):
            return self._path(text)
        merge = _MERGE.fullmatch(text)
        if merge:
            return self.path(merge[1].strip()).merged(self.path(merge[2].strip()))
        return self._together([self._path(each) for each in _PATH.findall(_TEXTS.sub("''", text))])

    def _path(self, text: str) -> Value:
        names = steps(text)
        if text.startswith("$$"):
            return self._context(names)
        root = re.match(r"\$([A-Za-z_]\w*)", text)
        if root:
            return dict(self.variables).get(root[1], NOTHING).at(names)
        return self.data.at(names)

    def _context(self, names: list[str]) -> Value:
        if names[:2] == ["Execution", "Input"]:
            return INPUT.at(names[2:])
        return self.item.at(names[3:]) if names[:3] == ["Map", "Item", "Value"] else NOTHING

    def _expression(self, text: str) -> Value:
        """Evaluate a JSONata expression; one that is more than a reference contains everything it refers to."""
        text = _COMMENTS.sub("", text).strip()
        whole = _JSONATA.fullmatch(text)
        if whole:
            return self._reference(whole[1], steps(whole[2]))
        # Keep names in brackets; other string literals contain no references.
        plain = _TEXTS.sub(lambda each: each[0] if text[: each.start()].rstrip().endswith("[") else "''", text)
        return self._together([self._reference(each[1], steps(each[2])) for each in _JSONATA.finditer(plain)])

    def _reference(self, root: str, names: list[str]) -> Value:
        if root != "states":
            return dict(self.variables).get(root, NOTHING).at(names)
        if names[:1] == ["input"]:
            return self.data.at(names[1:])
        if names[:1] == ["result"]:
            return self.result.at(names[1:])
        return self._context(names[1:]) if names[:1] == ["context"] else NOTHING

    def _together(self, values: list[Value]) -> Value:
        found = NOTHING
        for value in values:
            found = Value(found.holds | value.holds, found.members + value.members, found.is_input or value.is_input)
        return replace(found, members=_sorted(dict(found.members)))


def _plain(key: str) -> str:
    return key.removesuffix(".$")


def steps(path: str) -> list[str]:
    """Return the names in a path; indices and wildcards are ignored."""
    return [next(filter(None, found), "") for found in _STEP.findall(path.replace(".`", "`"))]
