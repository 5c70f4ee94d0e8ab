"""What a template of any tool calls its resources, and which texts in it mean one of them: names become references."""

import re
from collections.abc import Callable

from glue_local.promote.desired import Resource
from glue_local.promote.overlay import Staged
from glue_local.promote.partitions import partition_of

NAMED_BY = {"role_policies": ("roles", "RoleName"), "tables": ("databases", "DatabaseName"), "schedules": ("schedule_groups", "GroupName")}  # fmt: skip
"""Kinds whose request names another resource: of which kind, and in which member."""
KEPT = ("buckets", "streams")
"""What holds data outlives its template, as it outlives a promotion."""

Reference = tuple[re.Pattern[str], str]


def labels(resources: list[Resource], label: Callable[[Resource], str]) -> dict[str, str]:
    """Return the label of each resource by its key; raises DefinitionError for two resources with the same one."""
    labelled: dict[str, str] = {}
    for resource in resources:
        given = label(resource)
        other = next((key for key, taken in labelled.items() if taken == given), None)
        if other is not None:
            raise resource.place.error(f"{resource.key} and {other} would both be called {given} in the template")
        labelled[resource.key] = given
    return labelled


def arn_references(wanted: Staged, made: list[Resource], reference: Callable[[Resource], str]) -> list[Reference]:
    """Return a pattern of the ARN of each resource that texts may name, and the reference that stands for it."""
    account, region = wanted.stage.account, wanted.stage.region
    aws = partition_of(region)
    arns = {
        "buckets": lambda name: f"arn:{aws}:s3:::{name}",
        "roles": lambda name: f"arn:{aws}:iam::{account}:role/{name}",
        "streams": lambda name: f"arn:{aws}:kinesis:{region}:{account}:stream/{name}",
        "delivery_streams": lambda name: f"arn:{aws}:firehose:{region}:{account}:deliverystream/{name}",
        "state_machines": lambda name: f"arn:{aws}:states:{region}:{account}:stateMachine:{name}",
    }
    return [
        # Longer names that only begin like this one are other resources, with wildcards too.
        (re.compile(re.escape(arns[each.kind](each.name)) + r"(?![\w.*-])"), reference(each))
        for each in made
        if each.kind in arns
    ]


def job_started(name: str) -> re.Pattern[str]:
    """Return a pattern of how a definition says that it starts a job; its first group is what comes before the name."""
    return re.compile(rf'("JobName"\s*:\s*)"{re.escape(name)}"')


def policies_of_roles(resource: Resource, made: list[Resource]) -> list[Resource]:
    """Return the policies of the roles that a resource names: AWS checks some of them when it makes the resource."""
    if resource.kind not in ("delivery_streams", "state_machines"):
        return []
    text = str(resource.request)
    return [each for each in made if each.kind == "role_policies" and f":role/{each.request['RoleName']}'" in text]
