"""Labels of resources in a template, and the patterns of texts that refer to them."""

import re
from collections.abc import Callable
from typing import Any

from glue_local.promote.aws_partitions import partition_of
from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.overlay import Staged

NAMED_BY = {
    "role_policies": ("roles", "RoleName"),
    "tables": ("databases", "DatabaseName"),
    "crawlers": ("databases", "DatabaseName"),
    "triggers": ("workflows", "WorkflowName"),
    "rule_targets": ("rules", "Rule"),
    "schedules": ("schedule_groups", "GroupName"),
}
"""Kinds whose request refers to another resource, with its kind and the member."""
KEPT = ("buckets", "streams")
"""Kinds that contain data: kept when the template is deleted."""

_STARTED = {"JobName": "jobs", "CrawlerName": "crawlers"}

Reference = tuple[re.Pattern[str], str]


def labels(resources: list[Resource], label: Callable[[Resource], str]) -> dict[str, str]:
    """Return the label of each resource by its key; raises DefinitionError if two resources have the same label."""
    labelled: dict[str, str] = {}
    for resource in resources:
        given = label(resource)
        other = next((key for key, taken in labelled.items() if taken == given), None)
        if other is not None:
            raise resource.place.error(
                f"{resource.key} and {other} have the same label {given} in the template: rename one of them"
            )
        labelled[resource.key] = given
    return labelled


def arn_references(wanted: Staged, made: list[Resource], reference: Callable[[Resource], str]) -> list[Reference]:
    """Return a pattern for each resource's ARN and the reference that replaces it."""
    account, region = wanted.stage.account, wanted.stage.region
    aws = partition_of(region)
    arns = {
        "buckets": lambda name: f"arn:{aws}:s3:::{name}",
        "roles": lambda name: f"arn:{aws}:iam::{account}:role/{name}",
        "streams": lambda name: f"arn:{aws}:kinesis:{region}:{account}:stream/{name}",
        "delivery_streams": lambda name: f"arn:{aws}:firehose:{region}:{account}:deliverystream/{name}",
        "workflows": lambda name: f"arn:{aws}:glue:{region}:{account}:workflow/{name}",
        "state_machines": lambda name: f"arn:{aws}:states:{region}:{account}:stateMachine:{name}",
    }
    return [
        # Do not match longer names with this prefix, including those with wildcards.
        (re.compile(re.escape(arns[each.kind](each.name)) + r"(?![\w.*-])"), reference(each))
        for each in made
        if each.kind in arns
    ]


def job_started(name: str) -> re.Pattern[str]:
    """Return a pattern for the JobName of a task; its first group is the text before the name."""
    return re.compile(rf'("JobName"\s*:\s*)"{re.escape(name)}"')


def policies_of_roles(resource: Resource, made: list[Resource]) -> list[Resource]:
    """Return the policies of the roles that a resource refers to: AWS checks some when it creates the resource."""
    if resource.kind not in ("delivery_streams", "state_machines"):
        return []
    text = str(resource.request)
    return [each for each in made if each.kind == "role_policies" and f":role/{each.request['RoleName']}'" in text]


def with_jobs(
    resource: Resource, labelled: dict[str, str], reference: Callable[[str], Any], convert: Callable[[Any], Any]
) -> dict[str, Any]:
    """Return a trigger's actions and conditions with references to their jobs and crawlers; nothing for another kind.

    ``reference`` is called with the label of a job or crawler in the template, ``convert`` with all other values.
    """
    if resource.kind != "triggers":
        return {}

    def member(name: str, value: Any) -> Any:
        label = labelled.get(f"{_STARTED[name]}/{value}") if name in _STARTED else None
        return convert(value) if label is None else reference(label)

    def referring(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{name: member(name, value) for name, value in part.items()} for part in parts]

    request = resource.request
    changed: dict[str, Any] = {"Actions": referring(request["Actions"])}
    if "Predicate" in request:
        changed["Predicate"] = {**request["Predicate"], "Conditions": referring(request["Predicate"]["Conditions"])}
    return changed
