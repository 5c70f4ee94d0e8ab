"""Check existing roles: that they exist, and that they have the permissions in the definitions' policies."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.definition.overlay import Staged
from glue_local.promote.kinds import Account

_AT_ONCE = 50  # resources per request


def check_roles(account: Account, wanted: Staged) -> tuple[list[str], list[str]]:
    """Check that each existing role exists and simulate its policies; return errors, and notes on skipped checks."""
    refused: list[str] = []
    notes: list[str] = []
    there: set[str] = set()
    for role, arn in wanted.given_roles.items():
        place = wanted.stage.roles[role].place
        try:
            fault = _fault(account, arn)
        except ClientError as error:
            # The planning role may lack iam:GetRole.
            notes.append(f"the role {arn} was not checked: GetRole: {error.response['Error']['Code']}")
            fault = None
        if fault:
            refused.append(f"{place}: the role {arn} {fault}")
        else:
            there.add(role)
    for policy in wanted.given_policies:
        role = policy.request["RoleName"]
        if role in there:
            denied, unasked = _simulated(account, wanted.given_roles[role], policy.request["PolicyDocument"])
            refused += [
                f"{wanted.stage.roles[role].place}: the role {wanted.given_roles[role]} {each}" for each in denied
            ]
            notes += unasked
    return refused, notes


def _fault(account: Account, arn: str) -> str | None:
    """Return what is wrong with a role's ARN, or None."""
    name = arn.rpartition("/")[2]
    try:
        found = str(account.clients("iam").get_role(RoleName=name)["Role"]["Arn"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return f"does not exist in account {account.id}: create it, or remove it from roles: to have it created"
    return None if found == arn else f"does not exist: the ARN of the role {name} is {found}"


def _simulated(account: Account, arn: str, document: str) -> tuple[list[str], list[str]]:
    """Call SimulatePrincipalPolicy; return the permissions the role lacks, and notes on skipped checks."""
    denied: list[str] = []
    notes: list[str] = []
    for actions, resources in _statements(document):
        # "This operation does not support using wildcards (*) in an action name."
        plain = [action for action in actions if "*" not in action and "?" not in action]
        notes += [
            f"the role {arn} was not checked for {action}: SimulatePrincipalPolicy does not support wildcards"
            for action in actions
            if action not in plain
        ]
        try:
            denied += [f"lacks {what}" for what in _denied(account, arn, plain, resources)] if plain else []
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "NoSuchEntity":
                return ["does not exist"], []
            # The account may not allow simulation, and some endpoints do not support it.
            return denied, [*notes, f"the role {arn} was not checked: SimulatePrincipalPolicy: {code}"]
    return denied, notes


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
