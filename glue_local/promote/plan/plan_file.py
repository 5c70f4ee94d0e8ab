"""Save and load plans as files that contain everything needed to apply them on another machine."""

import base64
import json
from pathlib import Path
from typing import Any

from glue_local.promote.apply.records import Pointer
from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.document import DefinitionError, Place
from glue_local.promote.plan.differences import Change
from glue_local.promote.plan.plan import Plan, Step

_FORMAT = 2


def document_of(plan: Plan, bucket: str, prefix: str) -> dict[str, Any]:
    """Return a plan as a JSON document, with the location of its promotion records.

    It contains account and region but no credentials: one identity may plan and another apply.
    """
    return {
        "format": _FORMAT,
        "project": plan.project,
        "stage": plan.stage,
        "account": plan.account,
        "region": plan.region,
        "promotions": {"bucket": bucket, "prefix": prefix},
        "moves": plan.moves,
        "steps": [
            {"action": step.action, "resource": _resource(step.resource), "changes": [_change(c) for c in step.changes]}
            for step in plan.steps
        ],
        "resources": [_resource(each) for each in plan.resources],
        "pointer": vars(plan.pointer),
        "refused": plan.refused,
        "notes": plan.notes,
        "tested": plan.tested,
    }


def read_plan(file: Path) -> tuple[Plan, dict[str, Any]]:
    """Read a saved plan and its document; raises DefinitionError for an invalid file."""
    try:
        document = json.loads(file.read_text())
        if document["format"] != _FORMAT:
            raise DefinitionError(f"{file} was saved by another version of glue-local: plan again")
        place = Place(file, 1)
        moves = document["moves"]
        plan = Plan(
            **{key: document[key] for key in ("project", "stage", "account", "region", "refused", "notes", "tested")},
            steps=[
                Step(each["action"], _resource_of(each["resource"], place), [_change_of(c) for c in each["changes"]])
                for each in document["steps"]
            ],
            resources=[_resource_of(each, place) for each in document["resources"]],
            pointer=Pointer(**document["pointer"]),
            moves=(moves[0], moves[1]) if moves else None,
        )
    except OSError as error:
        raise DefinitionError(f"cannot read {file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise DefinitionError(f"{file} is not a plan saved by glue-local") from None
    return plan, document


def shown(document: dict[str, Any]) -> dict[str, Any]:
    """Return a plan's document without script contents, for other programs."""
    return {
        **document,
        "steps": [{**step, "resource": _named(step["resource"])} for step in document["steps"]],
        "resources": [_named(each) for each in document["resources"]],
    }


def changes_since(before: Plan, now: Plan) -> list[str]:
    """Return changes that are needed now but not in the saved plan; empty if the plan is still valid.

    A partly applied plan is still valid: its remaining steps are part of it.
    """
    known = {_key(step, change) for step in before.steps for change in (*step.changes, None)}
    differing = [
        f"{step.action} {step.resource.kind} {step.resource.name}" + (f": {change.where}" if change else "")
        for step in now.steps
        for change in (*step.changes, None)
        if _key(step, change) not in known
    ]
    if now.pointer != before.pointer:
        differing.append(f"the current promotion is {now.pointer.number}, not {before.pointer.number}")
    return differing + now.refused


def _key(step: Step, change: Change | None) -> str:
    return json.dumps([step.action, step.resource.key, change], sort_keys=True, default=str)


def _named(resource: dict[str, Any]) -> dict[str, Any]:
    request = {key: value for key, value in resource["request"].items() if key != "Body"}
    return {**resource, "request": request}


def _change(change: Change) -> dict[str, Any]:
    return {"path": list(change.path), "before": change.before, "after": change.after}


def _change_of(document: dict[str, Any]) -> Change:
    return Change(tuple(document["path"]), document["before"], document["after"])


def _resource(resource: Resource) -> dict[str, Any]:
    request = dict(resource.request)
    if "Body" in request:
        request["Body"] = base64.b64encode(request["Body"]).decode()
    return {"kind": resource.kind, "name": resource.name, "request": request, "tags": resource.tags}


def _resource_of(document: dict[str, Any], place: Place) -> Resource:
    request = dict(document["request"])
    if "Body" in request:
        request["Body"] = base64.b64decode(request["Body"])
    return Resource(document["kind"], document["name"], request, place, document["tags"])
