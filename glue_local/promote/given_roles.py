"""Roles that are there already: whether they may do what the definitions' policies say their jobs need."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.kinds import Account
from glue_local.promote.overlay import Staged

_AT_ONCE = 50  # resources in a request


def lacking(account: Account, wanted: Staged) -> tuple[list[str], list[str]]:
    """Ask SimulatePrincipalPolicy of each given role; return what it may not do, and notes where nobody answers."""
    refused: list[str] = []
    notes: list[str] = []
    for policy in wanted.given_policies:
        role = policy.request["RoleName"]
        arn = wanted.given_roles[role]
        try:
            denied = [
                what for each in _statements(policy.request["PolicyDocument"]) for what in _denied(account, arn, *each)
            ]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchEntity":
                refused.append(f"{wanted.stage.roles[role].place}: the role {arn} does not exist")
                continue
            # An account may keep simulating to itself, and some endpoints do not offer it.
            notes.append(f"the role {arn} was not checked: SimulatePrincipalPolicy: {error.response['Error']['Code']}")
            continue
        refused += [f"{wanted.stage.roles[role].place}: the role {arn} may not {what}" for what in denied]
    return refused, notes


def _statements(document: str) -> Iterator[tuple[list[str], list[str]]]:
    statements = json.loads(document).get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement.get("Effect") == "Allow" and "Action" in statement:
            yield _list(statement["Action"]), _list(statement.get("Resource", "*"))


def _list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _denied(account: Account, arn: str, actions: list[str], resources: list[str]) -> Iterator[str]:
    for start in range(0, len(resources), _AT_ONCE):
        pages = (
            account.clients("iam")
            .get_paginator("simulate_principal_policy")
            .paginate(PolicySourceArn=arn, ActionNames=actions, ResourceArns=resources[start : start + _AT_ONCE])
        )
        for page in pages:
            for result in page["EvaluationResults"]:
                if result["EvalDecision"] != "allowed":
                    yield f"{result['EvalActionName']} on {result['EvalResourceName']}"
