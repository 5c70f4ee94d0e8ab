"""Normalise IAM policy documents: the same policy can be written in several forms."""

import re
from typing import Any

from glue_local.promote.kinds.kind import Request

_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_PRINCIPALS = ("Principal", "NotPrincipal")
# IAM returns an account number in a principal as the ARN of the account's root.
_ROOT = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):root")


def canonical(request: Request) -> Request:
    """Normalise the documents in a request: sorted lists instead of single values, and account numbers."""
    return {key: _document(value) if key.endswith("PolicyDocument") else value for key, value in request.items()}


def _document(document: Any) -> Any:
    if not isinstance(document, dict) or "Statement" not in document:
        return document
    return {**document, "Statement": [_statement(each) for each in _as_list(document["Statement"])]}


def _statement(statement: Any) -> Any:
    return {key: _member(key, value) for key, value in statement.items()} if isinstance(statement, dict) else statement


def _member(key: str, value: Any) -> Any:
    if key in _LISTS:
        return _sorted(value)
    if key in _PRINCIPALS:
        named = value if isinstance(value, dict) else {"AWS": value}
        return {
            kind: _sorted([_ROOT.sub(r"\1", str(each)) for each in _as_list(names)]) for kind, names in named.items()
        }
    if key == "Condition" and isinstance(value, dict):
        return {operator: _conditions(keys) for operator, keys in value.items()}
    return value


def _conditions(keys: Any) -> Any:
    return {key: _sorted(values) for key, values in keys.items()} if isinstance(keys, dict) else keys


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _sorted(value: Any) -> list[Any]:
    return sorted(_as_list(value), key=str)
