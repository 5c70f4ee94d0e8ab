"""What a target of a rule gets: the event, a part of it, a constant, or a template filled from it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from glue_local.core.faults import Invalid
from glue_local.store import Document

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['([^']+)'\]|\[\"([^\"]+)\"\]")
_PATH = re.compile(rf"\$(?:{_STEP.pattern})*")
_VARIABLE = re.compile(r"<([^<>\s]+)>")
_MISSING = object()


def input_of(target: Document, event: Document, rule_arn: str) -> str:
    """Return the text that a target gets for an event."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        found = at_path(event, target["InputPath"])
        return json.dumps(None if found is _MISSING else found)
    if "InputTransformer" in target:
        return _filled(target["InputTransformer"], event, rule_arn)
    return json.dumps(event)


def check_input(target: Document) -> None:
    """Check the input of a target. Raises Invalid."""
    given = [name for name in ("Input", "InputPath", "InputTransformer") if name in target]
    if len(given) > 1:
        raise Invalid(f"Only one of Input, InputPath, or InputTransformer must be provided for target {target['Id']}.")
    paths = [target["InputPath"]] if "InputPath" in target else []
    paths += target.get("InputTransformer", {}).get("InputPathsMap", {}).values()
    for path in paths:
        if not _PATH.fullmatch(path):
            raise Invalid(
                f"Invalid InputPath for target {target['Id']} : {path} is not a JSONPath of members and indexes."
            )
    if "Input" in target and not _is_json(target["Input"]):
        raise Invalid(f"JSON syntax error in input for target {target['Id']} : {target['Input']}")


def at_path(event: Any, path: str) -> Any:
    """Return the value at a JSONPath of members and indexes; a marker that is no JSON value if there is none."""
    found = event
    for name, index, quoted, double_quoted in _STEP.findall(path):
        try:
            found = found[int(index)] if index else found[name or quoted or double_quoted]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return found


def _filled(transformer: Document, event: Document, rule_arn: str) -> str:
    values = {name: at_path(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
    # Under these names AWS provides more: the same page, "Predefined variables".
    values |= {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event.ingestion-time": event.get("time", ""),
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }
    return "".join(_pieces(transformer["InputTemplate"], values))


def _pieces(template: str, values: Mapping[str, Any]) -> Iterator[str]:
    at = 0
    is_quoted = False
    for found in _VARIABLE.finditer(template):
        before = template[at : found.start()]
        yield before
        is_quoted ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        yield _text(values.get(found[1], found[0]), is_quoted) if found[1] in values else found[0]
        at = found.end()
    yield template[at:]


def _text(value: Any, is_quoted: bool) -> str:
    """Return a value as text within quotes, or as JSON outside of them. A path without a value gives an empty text."""
    if value is _MISSING:
        value = ""
    if not is_quoted:
        return json.dumps(value)
    return json.dumps(value if isinstance(value, str) else json.dumps(value))[1:-1]


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
