"""State machines: a definition that Step Functions would not take, or that starts what is not there."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.kinds import Account
from glue_local.promote.overlay import Staged
from glue_local.promote.preflight.finding import OURS, RESERVED, Finding, jobs

# https://states-language.net/spec.html: which members end or continue a state of each type.
_TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
_NEEDED = {
    "Task": ("Resource",),
    "Choice": ("Choices",),
    "Parallel": ("Branches",),
    "Map": (),
    "Wait": (),
    "Pass": (),
    "Succeed": (),
    "Fail": (),
}
_ENDS = ("Succeed", "Fail", "Choice")
_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")

_DENIED = ("AccessDenied", "AccessDeniedException")
_UNKNOWN = ("UnknownOperationException", "UnknownOperation", "NotImplemented")  # of an endpoint that does not offer it


def definitions_are_sound(wanted: Staged) -> Iterator[Finding]:
    """A state machine's states are of known types, complete, and lead to states that exist."""
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        for fault in _machine(json.loads(machine.request["definition"]), machine.name):
            yield Finding(machine.place, f"state machine {fault}")


def jobs_are_started_by_name(wanted: Staged) -> Iterator[Finding]:
    """A task that starts a Glue job names one that is promoted along."""
    names = {job.name for job in jobs(wanted)}
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        for state, task in _tasks(json.loads(machine.request["definition"])):
            given = task.get("Parameters") or task.get("Arguments") or {}
            if ":glue:startJobRun" not in str(task.get("Resource")):
                continue
            named = given.get("JobName") if isinstance(given, dict) else None
            if named is None and not any(key in given for key in ("JobName.$",)):
                yield Finding(
                    machine.place, f"state machine {machine.name}: state {state} starts no job: it has no JobName"
                )
            elif named is not None and not str(named).startswith("{%") and named not in names:
                yield Finding(
                    machine.place, f"state machine {machine.name}: state {state} starts {named}, which is no job here"
                )


def reserved_arguments_are_left(wanted: Staged) -> Iterator[Finding]:
    """A task gives a job no argument that AWS sets itself, or that only the emulator knows."""
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        for state, task in _tasks(json.loads(machine.request["definition"])):
            given = task.get("Parameters") or task.get("Arguments") or {}
            passed = given.get("Arguments") if isinstance(given, dict) else None
            for name in passed if isinstance(passed, dict) else ():
                plain = name.removesuffix(".$")
                if plain in RESERVED or plain.startswith(OURS):
                    whose = "AWS's own" if plain in RESERVED else "glue-local's own, which AWS has not"
                    said = f"state {state} gives the argument {plain}, which is {whose}; leave it out"
                    yield Finding(machine.place, f"state machine {machine.name}: {said}")


def validated(account: Account, wanted: Staged) -> tuple[list[str], list[str]]:
    """Ask Step Functions itself; return what it finds wrong, and a note for each definition it does not offer to check."""
    wrong, notes = [], []
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        try:
            answer = account.clients("stepfunctions").validate_state_machine_definition(
                definition=machine.request["definition"], type=machine.request.get("type", "STANDARD")
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _DENIED:
                wrong.append(
                    f"{machine.place}: state machine {machine.name} was not validated there, for whoever plans may not:"
                    " allow states:ValidateStateMachineDefinition"
                )
                continue
            if not _is_not_offered(error):
                raise
            notes.append(
                f"state machine {machine.name} was not validated there: ValidateStateMachineDefinition is not offered"
            )
            continue
        faults = [each for each in answer.get("diagnostics", []) if each["severity"] == "ERROR"]
        wrong += [
            f"{machine.place}: state machine {machine.name}: {each['message']} ({each['code']})" for each in faults
        ]
    return wrong, notes


def _is_not_offered(error: ClientError) -> bool:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status in (404, 501) or error.response["Error"]["Code"] in _UNKNOWN


def _tasks(machine: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, state in machine.get("States", {}).items():
        if state.get("Type") == "Task":
            yield name, state
        for inner in _inner(state):
            yield from _tasks(inner)


def _inner(state: dict[str, Any]) -> list[dict[str, Any]]:
    found = list(state.get("Branches", [])) if isinstance(state.get("Branches"), list) else []
    found += [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
    return [each for each in found if isinstance(each, dict)]


def _machine(machine: Any, where: str) -> Iterator[str]:
    states = machine.get("States") if isinstance(machine, dict) else None
    if not isinstance(states, dict) or not states:
        yield f"{where} has no States"
        return
    if machine.get("StartAt") not in states:
        yield f"{where} starts at {machine.get('StartAt')}, which is no state of it"
    for name, state in states.items():
        yield from _state(f"{where}: state {name}", state, states)
    reached = {machine.get("StartAt")} | {target for state in states.values() for target in _targets(state)}
    for name in states:
        if name not in reached:
            yield f"{where}: state {name} is reached from nowhere"


def _state(where: str, state: dict[str, Any], states: dict[str, Any]) -> Iterator[str]:
    kind = state.get("Type")
    if kind not in _TYPES:
        yield f"{where} has the type {kind}; known are {', '.join(_TYPES)}"
        return
    for member in _NEEDED[kind]:
        if not state.get(member):
            yield f"{where} is a {kind} without {member}"
    if kind == "Wait" and sum(member in state for member in _WAITS) != 1 and state.get("QueryLanguage") != "JSONata":
        yield f"{where} is a Wait without exactly one of {', '.join(_WAITS)}"
    if kind == "Map" and not _inner(state):
        yield f"{where} is a Map without ItemProcessor"
    if kind not in _ENDS and ("Next" in state) == (state.get("End") is True):
        yield f"{where} needs either Next or End: true"
    for target in _targets(state):
        if target not in states:
            yield f"{where} leads to {target}, which is no state beside it"
    for inner in _inner(state):
        yield from _machine(inner, where)


def _targets(state: dict[str, Any]) -> list[str]:
    catches, choices = state.get("Catch", []), state.get("Choices", [])
    leading = [state, *catches, *choices]
    return [each["Next"] for each in leading if "Next" in each] + ([state["Default"]] if "Default" in state else [])
