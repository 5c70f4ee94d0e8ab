"""Validate a state machine definition, with the diagnostics of ValidateStateMachineDefinition.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html and
https://states-language.net/spec.html; AWS documents no codes; these were observed in its responses.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

_SCHEMA = "SCHEMA_VALIDATION_FAILED"
_TARGET = "MISSING_TRANSITION_TARGET"
_NEEDED = {
    **dict.fromkeys(("Pass", "Wait", "Succeed", "Fail", "Map"), ()),
    "Task": ("Resource",),
    "Choice": ("Choices",),
    "Parallel": ("Branches",),
}
_LAST = ("Succeed", "Fail", "Choice")
_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")


class Diagnostic(NamedTuple):
    """One error: code, message, and location (``/States/<StateName>/<FieldName>``, empty for the whole definition)."""

    code: str
    message: str
    location: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" at {self.location}" if self.location else "")


def diagnostics(definition: str) -> list[Diagnostic]:
    """Return the errors for which AWS refuses a definition, in the order of its text; none for a valid one."""
    try:
        machine = json.loads(definition)
    except (ValueError, RecursionError) as error:
        return [Diagnostic("INVALID_JSON_DESCRIPTION", f"Invalid State Machine Definition: {error}", "")]
    if not isinstance(machine, dict):
        return [Diagnostic(_SCHEMA, "The definition must be a JSON object", "")]
    names: Counter[str] = Counter()
    found = list(_machine(machine, "", names))
    repeated = [name for name, times in names.items() if times > 1]
    return found + [Diagnostic("DUPLICATE_STATE_NAME", f"Duplicate State name: {name}", "") for name in repeated]


def _machine(machine: dict[str, Any], at: str, names: "Counter[str]") -> Iterator[Diagnostic]:
    states = machine.get("States")
    if not isinstance(states, dict) or not states:
        yield Diagnostic(_SCHEMA, "States must be an object with at least one state", f"{at}/States")
        return
    names.update(list(states))
    start = machine.get("StartAt")
    if start is None:
        yield Diagnostic(_SCHEMA, "The field 'StartAt' is required but was missing", f"{at}/StartAt")
    elif start not in states:
        yield Diagnostic(_TARGET, f"Missing 'StartAt' target: {start}", f"{at}/StartAt")
    for name, state in states.items():
        if isinstance(state, dict):
            yield from _state(state, f"{at}/States/{name}", states, names)
        else:
            yield Diagnostic(_SCHEMA, "A state must be an object", f"{at}/States/{name}")
    if isinstance(start, str) and start in states:
        reached = _reached(start, states)
        for name in states:
            if name not in reached:
                yield Diagnostic(_TARGET, f'State "{name}" is not reachable.', f"{at}/States/{name}")


def _state(state: dict[str, Any], at: str, states: dict[str, Any], names: "Counter[str]") -> Iterator[Diagnostic]:
    kind = state.get("Type")
    if kind not in _NEEDED:
        yield Diagnostic(_SCHEMA, f"Value is not valid. Valid values: {', '.join(sorted(_NEEDED))}", f"{at}/Type")
        return
    for member in _NEEDED[kind]:
        if not state.get(member):
            yield Diagnostic(_SCHEMA, f"The field '{member}' is required but was missing", at)
    ends = [member for member in ("Next", "End") if state.get(member)]
    if kind not in _LAST and len(ends) != 1:
        yield Diagnostic(_SCHEMA, "One, and only one, of the following fields is required: 'Next', 'End'", at)
    if kind == "Wait" and sum(member in state for member in _WAITS) != 1:
        yield Diagnostic(_SCHEMA, f"One, and only one, of the following fields is required: {', '.join(_WAITS)}", at)
    for where, target in _transitions(state):
        if target not in states:
            yield Diagnostic(_TARGET, f"Missing 'Next' target: {target}", f"{at}/{where}")
    yield from _nested(state, at, names)


def _nested(state: dict[str, Any], at: str, names: "Counter[str]") -> Iterator[Diagnostic]:
    for n, branch in enumerate(_objects(state.get("Branches"))):
        yield from _machine(branch, f"{at}/Branches[{n}]", names)
    if state["Type"] != "Map":
        return
    member = "ItemProcessor" if "ItemProcessor" in state else "Iterator"
    if isinstance(state.get(member), dict):
        yield from _machine(state[member], f"{at}/{member}", names)
    else:
        yield Diagnostic(_SCHEMA, "The field 'ItemProcessor' is required but was missing", at)


def _transitions(state: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if "Next" in state:
        yield "Next", state["Next"]
    if "Default" in state:
        yield "Default", state["Default"]
    for member in ("Choices", "Catch"):
        for n, rule in enumerate(_objects(state.get(member))):
            if "Next" in rule:
                yield f"{member}[{n}]/Next", rule["Next"]


def _reached(start: str, states: dict[str, Any]) -> set[str]:
    reached, ahead = {start}, [start]
    while ahead:
        state = states[ahead.pop()]
        for _, target in _transitions(state) if isinstance(state, dict) else ():
            if target in states and target not in reached:
                reached.add(target)
                ahead.append(target)
    return reached


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
