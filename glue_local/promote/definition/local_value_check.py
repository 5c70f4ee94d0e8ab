"""Refuse local values in a stage: local endpoints, dummy keys and accounts, stand-in images."""

import re
from collections.abc import Iterator
from typing import Any

from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.stages import LOCAL_ACCOUNT, Stage

# Each pattern with its description for the message.
LOCAL_VALUES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)\b|\[::1\]"), "a local host name"),
    (re.compile(r"localhost\.localstack\.cloud|\blocalstack\b", re.IGNORECASE), "LocalStack"),
    (re.compile(rf"(?<!\d){LOCAL_ACCOUNT}(?!\d)"), "glue-local's account"),
    (re.compile(r"\bGLUE_LOCAL_|AWS_ENDPOINT_URL"), "a setting of the local endpoint"),
    (re.compile(r"\bs3a?\.endpoint\b|fs\.s3a\.(endpoint|access\.key|secret\.key)"), "a setting of the local endpoint"),
    (re.compile(r"(?i)\b(aws_)?(access_key_id|secret_access_key)\b"), "an access key"),
    (re.compile(r"(?i)\bglue-local[-/_](stand-?in|worker|image)"), "a stand-in image"),
)


def refuse_local_values(resource: Resource, stage: Stage) -> None:
    """Raise DefinitionError for the first local value in a staged resource."""
    for path, text in _texts(resource.request, ""):
        for pattern, what in LOCAL_VALUES:
            found = pattern.search(text)
            if found:
                raise resource.place.error(
                    f"{resource.kind} {resource.name}: {path} contains {found[0]} ({what}), which must not be promoted"
                    f" to {stage.name}: replace it by a variable that the stage sets"
                )


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, member in value.items():
            where = f"{path}.{key}" if path else str(key)
            yield where, str(key)
            yield from _texts(member, where)
    elif isinstance(value, list):
        for number, element in enumerate(value):
            yield from _texts(element, f"{path}[{number}]")
    elif isinstance(value, str):
        yield path, value
