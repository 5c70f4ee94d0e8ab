"""Rules for state machines: invalid definitions, and jobs that do not exist."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.checks.finding import OURS, RESERVED, Finding, jobs
from glue_local.promote.definition.overlay import Staged
from glue_local.promote.kinds import Account

# The members that a state of each type needs: https://states-language.net/spec.html
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
_UNKNOWN = ("UnknownOperationException", "UnknownOperation", "NotImplemented")  # of an endpoint without this operation


def definitions_are_valid(wanted: Staged) -> Iterator[Finding]:
    """A state machine's states have valid types, are complete, and lead to existing states."""
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        for fault in _machine(json.loads(machine.request["definition"]), machine.name):
            yield Finding(machine.place, f"state machine {fault}")


def started_jobs_exist(wanted: Staged) -> Iterator[Finding]:
    """A task that starts a Glue job names a job that is promoted too."""
    names = {job.name for job in jobs(wanted)}
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        for state, task in _tasks(json.loads(machine.request["definition"])):
            given = task.get("Parameters") or task.get("Arguments") or {}
            if ":glue:startJobRun" not in str(task.get("Resource")):
                continue
            named = given.get("JobName") if isinstance(given, dict) else None
            if named is None and not any(key in given for key in ("JobName.$",)):
                yield Finding(
                    machine.place, f"state machine {machine.name}: state {state} starts a job but has no JobName"
                )
            elif named is not None and not str(named).startswith("{%") and named not in names:
                yield Finding(
                    machine.place,
                    f"state machine {machine.name}: state {state} starts {named}, which is not a job of this project",
                )


def started_crawlers_exist(wanted: Staged) -> Iterator[Finding]:
    """A task that starts a crawler by its name names a crawler that is promoted or existing."""
    names = {each.name for each in (*wanted.resources, *wanted.used) if each.kind == "crawlers"}
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        for state, task in _tasks(json.loads(machine.request["definition"])):
            given = task.get("Parameters") or task.get("Arguments") or {}
            named = given.get("Name") if isinstance(given, dict) else None
            if not str(task.get("Resource")).endswith(":aws-sdk:glue:startCrawler") or named is None:
                continue
            if not str(named).startswith("{%") and named not in names:
                yield Finding(
                    machine.place,
                    f"state machine {machine.name}: state {state} starts {named}, which is not a crawler of this project",
                )


def no_reserved_arguments(wanted: Staged) -> Iterator[Finding]:
    """A task does not pass arguments that AWS sets itself or that only glue-local supports."""
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        for state, task in _tasks(json.loads(machine.request["definition"])):
            given = task.get("Parameters") or task.get("Arguments") or {}
            passed = given.get("Arguments") if isinstance(given, dict) else None
            for name in passed if isinstance(passed, dict) else ():
                plain = name.removesuffix(".$")
                if plain in RESERVED or plain.startswith(OURS):
                    reason = "is reserved by AWS" if plain in RESERVED else "exists only in glue-local"
                    message = f"state {state} passes the argument {plain}, which {reason}: remove it"
                    yield Finding(machine.place, f"state machine {machine.name}: {message}")


def validated(account: Account, wanted: Staged) -> tuple[list[str], list[str]]:
    """Have Step Functions validate the definitions; return its errors, and a note for each definition not validated."""
    wrong, notes = [], []
    for machine in (each for each in wanted.resources if each.kind == "state_machines"):
        try:
            answer = account.clients("stepfunctions").validate_state_machine_definition(
                definition=machine.request["definition"], type=machine.request.get("type", "STANDARD")
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _DENIED:
                wrong.append(
                    f"{machine.place}: state machine {machine.name} was not validated in AWS (access denied):"
                    " allow states:ValidateStateMachineDefinition"
                )
                continue
            if not _is_unsupported(error):
                raise
            notes.append(
                f"state machine {machine.name} was not validated: the endpoint has no ValidateStateMachineDefinition"
            )
            continue
        faults = [each for each in answer.get("diagnostics", []) if each["severity"] == "ERROR"]
        wrong += [
            f"{machine.place}: state machine {machine.name}: {each['message']} ({each['code']})" for each in faults
        ]
    return wrong, notes


def _is_unsupported(error: ClientError) -> bool:
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
        yield f"{where}: StartAt is {machine.get('StartAt')}, which is not one of its states"
    for name, state in states.items():
        yield from _state(f"{where}: state {name}", state, states)
    reached = {machine.get("StartAt")} | {target for state in states.values() for target in _targets(state)}
    for name in states:
        if name not in reached:
            yield f"{where}: state {name} is unreachable"


def _state(where: str, state: dict[str, Any], states: dict[str, Any]) -> Iterator[str]:
    kind = state.get("Type")
    if kind not in _TYPES:
        yield f"{where} has the unknown type {kind}: use one of {', '.join(_TYPES)}"
        return
    for member in _NEEDED[kind]:
        if not state.get(member):
            yield f"{where} is a {kind} without {member}"
    if kind == "Wait" and sum(member in state for member in _WAITS) != 1 and state.get("QueryLanguage") != "JSONata":
        yield f"{where} is a Wait and needs exactly one of {', '.join(_WAITS)}"
    if kind == "Map" and not _inner(state):
        yield f"{where} is a Map without ItemProcessor"
    if kind not in _ENDS and ("Next" in state) == (state.get("End") is True):
        yield f"{where} needs either Next or End: true"
    for target in _targets(state):
        if target not in states:
            yield f"{where} leads to {target}, which is not a state of the same machine"
    for inner in _inner(state):
        yield from _machine(inner, where)


def _targets(state: dict[str, Any]) -> list[str]:
    catches, choices = state.get("Catch", []), state.get("Choices", [])
    leading = [state, *catches, *choices]
    return [each["Next"] for each in leading if "Next" in each] + ([state["Default"]] if "Default" in state else [])
