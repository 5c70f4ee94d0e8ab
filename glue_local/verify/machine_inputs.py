"""Find the input members that an execution passes to its tasks, by following the definition state by state."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from glue_local.verify.references import INPUT, NOTHING, Scope, Value, steps

_State = dict[str, Any]
_ROUNDS = 20  # visits per state: a loop that changes its data each time would not end


def given_to_tasks(definition: _State, wanted: frozenset[str]) -> frozenset[str]:
    """Return the ``wanted`` input members that reach the payload of at least one task."""
    walk = _Walk(str(definition.get("QueryLanguage", "JSONPath")))
    walk.machine(definition, Scope(INPUT))
    return frozenset[str]().union(*(payload.holding(wanted) for payload in walk.payloads))


@dataclass(frozen=True)
class _Next:
    name: str
    data: Value
    scope: Scope


class _Walk:
    """A walk through a definition that collects the payloads of its tasks."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.payloads: list[Value] = []

    def machine(self, machine: _State, scope: Scope) -> None:
        """Walk through the states of a machine, a branch or an item processor."""
        states = machine["States"]
        seen: dict[str, set[Scope]] = {name: set() for name in states}
        waiting = [(str(machine["StartAt"]), scope)]
        while waiting:
            name, at = waiting.pop()
            if name not in states or at in seen[name] or len(seen[name]) == _ROUNDS:
                continue
            seen[name].add(at)
            state = states[name]
            jsonata = state.get("QueryLanguage", self._language) == "JSONata"
            at = replace(at, jsonata=jsonata)
            leading = self._jsonata(state, at) if jsonata else self._jsonpath(state, at)
            waiting += [(each.name, replace(each.scope, data=each.data, result=NOTHING)) for each in leading]

    def _jsonpath(self, state: _State, raw: Scope) -> Iterator[_Next]:
        scope = replace(raw, data=raw.path(state.get("InputPath", "$")))
        payload = scope.value(state["Parameters"]) if "Parameters" in state else scope.data
        result = self._result(state, scope, payload)
        result = replace(scope, data=result).value(state["ResultSelector"]) if "ResultSelector" in state else result
        after = self._assigned(state, replace(scope, data=result))
        output = _placed(raw.data, state.get("ResultPath", "$"), result) if _makes(state) else scope.data
        yield from _onwards(state, replace(scope, data=output).path(state.get("OutputPath", "$")), after)
        for catch in state.get("Catch", []):
            caught = _placed(raw.data, catch.get("ResultPath", "$"), NOTHING)
            yield _Next(catch["Next"], caught, self._assigned(catch, replace(scope, data=NOTHING)))
        for choice in state.get("Choices", []):
            yield _Next(choice["Next"], scope.path(state.get("OutputPath", "$")), self._assigned(choice, scope))

    def _jsonata(self, state: _State, scope: Scope) -> Iterator[_Next]:
        payload = scope.value(state["Arguments"]) if "Arguments" in state else scope.data
        result = self._result(state, scope, payload)
        done = replace(scope, result=result)
        passed = result if _makes(state) and state["Type"] != "Pass" else scope.data
        output = done.value(state["Output"]) if "Output" in state else passed
        yield from _onwards(state, output, self._assigned(state, done))
        for each in (*state.get("Catch", []), *state.get("Choices", [])):
            default = NOTHING if "ErrorEquals" in each else output
            caught = scope.value(each["Output"]) if "Output" in each else default
            yield _Next(each["Next"], caught, self._assigned(each, scope))

    def _result(self, state: _State, scope: Scope, payload: Value) -> Value:
        """Return a state's result; results of services, branches and items contain no input members."""
        kind = state["Type"]
        if kind == "Pass":
            return NOTHING if "Result" in state else payload
        if kind == "Task":
            self.payloads.append(payload)
        for branch in state.get("Branches", []) if kind == "Parallel" else []:
            self.machine(branch, replace(scope, data=payload))
        if kind == "Map":
            self._items(state, scope)
        return NOTHING

    def _items(self, state: _State, scope: Scope) -> None:
        items = scope.path(state["ItemsPath"]) if "ItemsPath" in state else scope.data
        if "Items" in state:
            items = scope.value(state["Items"])
        at = replace(scope, item=items)
        selector = state.get("ItemSelector", None if scope.jsonata else state.get("Parameters"))
        processor = state.get("ItemProcessor") or state.get("Iterator")
        if processor:
            self.machine(processor, replace(at, data=items if selector is None else at.value(selector)))

    def _assigned(self, state: _State, scope: Scope) -> Scope:
        given = state.get("Assign", {})
        values = scope.value(given)
        return scope.with_variables(dict(values.members)) if given else scope


def _makes(state: _State) -> bool:
    """Return whether a state has a result that replaces its input."""
    return state["Type"] in ("Task", "Pass", "Parallel", "Map")


def _placed(raw: Value, path: str | None, result: Value) -> Value:
    """Return a state's input with its result at ResultPath; null discards the result."""
    return raw if path is None else raw.with_member(steps(path), result)


def _onwards(state: _State, output: Value, scope: Scope) -> Iterator[_Next]:
    for member in ("Next", "Default"):
        if member in state:
            yield _Next(state[member], output, scope)
