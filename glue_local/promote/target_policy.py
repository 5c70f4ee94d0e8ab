"""Generate the policies of the roles with which rules and schedules call their targets."""

import json
from collections.abc import Iterable
from typing import Any

from glue_local.promote.definition.desired import Resource
from glue_local.promote.policy import Allowed, local_arn, policy, sdk_call

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html and
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html; a workflow's:
# https://docs.aws.amazon.com/glue/latest/dg/starting-workflow-eventbridge.html
_ACTIONS = {
    "states": "states:StartExecution",
    "glue": "glue:NotifyEvent",
    "kinesis": "kinesis:PutRecord",
    "firehose": "firehose:PutRecord",
    "events": "events:PutEvents",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "lambda": "lambda:InvokeFunction",
}
_SDK = "arn:aws:scheduler:::aws-sdk:"


def target_policy(resource: Resource) -> dict[str, Any]:
    """Return the policy for the role of a schedule or of a rule's targets.

    It uses ``${AWS::AccountId}`` and ``${AWS::Region}``, so that one role policy works for every stage. Raises
    ValueError for a target whose permission is not known.
    """
    if resource.kind == "schedules":
        return policy(_of_schedule(resource.request["Target"]))
    # EventBridge uses no role for the other targets, which have policies of their own.
    with_role = [target for target in resource.request["Targets"] if "RoleArn" in target]
    return policy({each for target in with_role for each in _called(target["Arn"])})


def _of_schedule(target: dict[str, Any]) -> Iterable[Allowed]:
    arn = str(target["Arn"])
    if arn.startswith(_SDK):
        service, _, action = arn.removeprefix(_SDK).partition(":")
        yield sdk_call(service, action, _input(target))
    else:
        yield from _called(arn)
    if "DeadLetterConfig" in target:
        yield "sqs:SendMessage", local_arn(str(target["DeadLetterConfig"]["Arn"]))


def _called(arn: str) -> Iterable[Allowed]:
    service = arn.split(":")[2]
    if service not in _ACTIONS:
        raise ValueError(f"the permission to call {arn} is not known: write the policy manually")
    yield _ACTIONS[service], local_arn(arn)


def _input(target: dict[str, Any]) -> dict[str, Any]:
    try:
        given = json.loads(target.get("Input", "{}"))
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
