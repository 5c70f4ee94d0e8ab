"""Render a stage's resources as a CloudFormation template, with references between resources."""

import json
import re
from collections.abc import Callable
from typing import Any

from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.overlay import Staged
from glue_local.promote.export.references import (
    KEPT,
    NAMED_BY,
    Reference,
    arn_references,
    job_started,
    labels,
    policies_of_roles,
    with_jobs,
)
from glue_local.promote.kinds.schedules import dated
from glue_local.promote.kinds.tags import as_list

_Properties = dict[str, Any]
_LITERAL = re.compile(r"\$\{")


def _named(member: str, name: str) -> Callable[[_Properties], _Properties]:
    return lambda request: {name: request[member], **{key: value for key, value in request.items() if key != member}}


def _bucket(request: _Properties) -> _Properties:
    # The region is the stack's.
    left = {key: value for key, value in request.items() if key != "CreateBucketConfiguration"}
    return _named("Bucket", "BucketName")(left)


def _database(request: _Properties) -> _Properties:
    return {"CatalogId": {"Ref": "AWS::AccountId"}, **request}


def _capital(value: Any) -> Any:
    """Convert Step Functions' member names to CloudFormation's."""
    if isinstance(value, list):
        return [_capital(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {key[0].upper() + key[1:]: _capital(member) for key, member in value.items()}


def _state_machine(request: _Properties) -> _Properties:
    renamed = _capital(request)
    names = {"Name": "StateMachineName", "Type": "StateMachineType", "Definition": "DefinitionString"}
    return {names.get(key, key): value for key, value in renamed.items() if key != "Tags"}


def _schedule(request: _Properties) -> _Properties:
    return {key: value for key, value in dated(request).items() if key != "ClientToken"}


def _crawler(request: _Properties) -> _Properties:
    left: _Properties = {**request, "Targets": _capital(request["Targets"])}
    return {**left, "Schedule": {"ScheduleExpression": left["Schedule"]}} if "Schedule" in left else left


def _rule(request: _Properties) -> _Properties:
    return {key: json.loads(value) if key == "EventPattern" else value for key, value in request.items()}


def _document(request: _Properties) -> _Properties:
    texts = ("AssumeRolePolicyDocument", "PolicyDocument")
    return {key: json.loads(value) if key in texts else value for key, value in request.items()}


# The type of each kind, and the conversion of its request to that type's properties.
_TYPES: dict[str, tuple[str, Callable[[_Properties], _Properties]]] = {
    "buckets": ("AWS::S3::Bucket", _bucket),
    "roles": ("AWS::IAM::Role", _document),
    "role_policies": ("AWS::IAM::RolePolicy", _document),
    "streams": ("AWS::Kinesis::Stream", _named("StreamName", "Name")),
    "databases": ("AWS::Glue::Database", _database),
    "tables": ("AWS::Glue::Table", _database),
    "delivery_streams": ("AWS::KinesisFirehose::DeliveryStream", dict),
    "jobs": ("AWS::Glue::Job", dict),
    "crawlers": ("AWS::Glue::Crawler", _crawler),
    "workflows": ("AWS::Glue::Workflow", dict),
    "triggers": ("AWS::Glue::Trigger", dict),
    "state_machines": ("AWS::StepFunctions::StateMachine", _state_machine),
    "rules": ("AWS::Events::Rule", _rule),
    "schedule_groups": ("AWS::Scheduler::ScheduleGroup", _schedule),
    "schedules": ("AWS::Scheduler::Schedule", _schedule),
}
# Members of a request that its type does not have.
_LACKING: dict[str, tuple[str, ...]] = {
    "buckets": (
        *("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"),
        *("ObjectLockEnabledForBucket", "ObjectOwnership", "BucketNamespace"),
    ),
    "roles": ("MaxSigninSessionDuration",),
    "databases": ("Tags",),
    "tables": ("PartitionIndexes", "TransactionId"),
    "jobs": ("SourceControlDetails", "CodeGenConfigurationNodes"),
    "crawlers": ("CatalogId", "LineageConfiguration"),
    "state_machines": ("publish", "versionDescription"),
    "schedules": ("ActionAfterCompletion",),
}
_TAG_MAPS = ("jobs", "crawlers", "workflows", "triggers")
_UNTAGGED = ("databases", "tables")  # CloudFormation cannot tag databases, Glue cannot tag tables


def template(wanted: Staged) -> dict[str, Any]:
    """Return the template. It does not contain scripts: upload them before deploying it.

    Raises DefinitionError for a member that CloudFormation has no property for.
    """
    made = [each for each in wanted.resources if each.kind in _TYPES]
    for each in made:
        _refuse_lacking(each)
    logical = labels(made, _logical)
    references = [*arn_references(wanted, made, lambda each: _arn(each, logical[each.key])), *_places(wanted)]
    parts = {key: _referring(value, references) for key, value in _parts(wanted).items()}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"{wanted.project} in {wanted.stage.name}, written by glue-local export",
        "Resources": {logical[each.key]: _resource(each, made, logical, references, parts) for each in made},
    }


def _parts(wanted: Staged) -> dict[str, _Properties]:
    """Return the properties by resource that are resources of their own in AWS's API: targets and notifications.

    Raises DefinitionError for notifications that are not sent to EventBridge, and those of an existing bucket.
    """
    ours = {each.key for each in wanted.resources}
    parts: dict[str, _Properties] = {}
    for each in wanted.resources:
        if each.kind == "rule_targets":
            parts[f"rules/{each.name}"] = {"Targets": each.request["Targets"]}
        if each.kind == "bucket_notifications":
            if list(each.request["NotificationConfiguration"]) != ["EventBridgeConfiguration"]:
                raise each.place.error(f"{each.key}: a template can only have EventBridgeConfiguration")
            if f"buckets/{each.name}" not in ours:
                raise each.place.error(f"{each.key}: a template cannot change an existing bucket")
            notified = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
            parts[f"buckets/{each.name}"] = {"NotificationConfiguration": notified}
    return parts


def _arn(resource: Resource, label: str) -> str:
    if resource.kind == "workflows":  # AWS::Glue::Workflow has no attribute Arn
        return f"arn:${{AWS::Partition}}:glue:${{AWS::Region}}:${{AWS::AccountId}}:workflow/${{{label}}}"
    return f"${{{label}.Arn}}"


def _refuse_lacking(resource: Resource) -> None:
    for member in _LACKING.get(resource.kind, ()):
        if member in resource.request:
            raise resource.place.error(
                f"{resource.kind} {resource.name}: CloudFormation's {_TYPES[resource.kind][0]} has no property for {member}"
            )


def _logical(resource: Resource) -> str:
    words = re.split(r"[^A-Za-z0-9]+", f"{resource.kind.removesuffix('s')} {resource.name}")
    return "".join(word[:1].upper() + word[1:] for word in words)


def _places(wanted: Staged) -> list[Reference]:
    return [
        (re.compile(rf"(?<!\d){wanted.stage.account}(?!\d)"), "${AWS::AccountId}"),
        (re.compile(rf":{wanted.stage.region}:"), ":${AWS::Region}:"),
    ]


def _resource(
    resource: Resource,
    made: list[Resource],
    logical: dict[str, str],
    references: list[Reference],
    parts: dict[str, _Properties],
) -> dict[str, Any]:
    type_name, rename = _TYPES[resource.kind]
    properties = rename(resource.request)
    properties = {key: _referring(value, references) for key, value in properties.items()}
    properties |= parts.get(resource.key, {})
    properties |= _names(resource, logical)
    properties |= with_jobs(
        resource, logical, lambda label: {"Ref": label}, lambda value: _referring(value, references)
    )
    if resource.kind == "state_machines":
        properties |= _definition(resource, logical, references)
    if resource.tags and resource.kind not in _UNTAGGED:
        tags = resource.tags
        properties["Tags"] = tags if resource.kind in _TAG_MAPS else as_list(tags)
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"} if resource.kind in KEPT else {}
    policies = [logical[each.key] for each in policies_of_roles(resource, made)]
    after = {"DependsOn": policies} if policies else {}
    return {"Type": type_name, **kept, **after, "Properties": properties}


def _names(resource: Resource, logical: dict[str, str]) -> _Properties:
    """Return the members that refer to another resource as references, which also order the creation."""
    if resource.kind in ("jobs", "crawlers") and f"roles/{resource.request['Role']}" in logical:
        role = {"Role": {"Ref": logical[f"roles/{resource.request['Role']}"]}}
    else:
        role = {}
    if resource.kind not in NAMED_BY:
        return role
    kind, member = NAMED_BY[resource.kind]
    key = f"{kind}/{resource.request.get(member)}"
    return {**role, **({member: {"Ref": logical[key]}} if key in logical else {})}


def _definition(resource: Resource, logical: dict[str, str], references: list[Reference]) -> _Properties:
    """Return a definition with substitutions for jobs and ARNs, so that CloudFormation can determine its dependencies."""
    text, substitutions = resource.request["definition"], {}
    for pattern, reference in references:
        # Those of several parts, of workflows, cannot be a single substitution.
        if pattern.search(text) and reference.count("${") == 1:
            name = re.sub(r"\W", "", reference)
            text = pattern.sub(re.sub(r"\$\{.*\}", f"${{{name}}}", reference), text)
            substitutions[name] = {"Fn::Sub": reference.strip(":")}
    for key, name in logical.items():
        kind, _, job = key.partition("/")
        started = job_started(job)
        if kind == "jobs" and started.search(text):
            text = started.sub(rf'\1"${{{name}}}"', text)
            substitutions[name] = {"Ref": name}
    return {"DefinitionString": text, **({"DefinitionSubstitutions": substitutions} if substitutions else {})}


def _referring(value: Any, references: list[Reference]) -> Any:
    if isinstance(value, dict):
        return {key: _referring(member, references) for key, member in value.items()}
    if isinstance(value, list):
        return [_referring(element, references) for element in value]
    if not isinstance(value, str):
        return value
    text = _LITERAL.sub("${!", value)
    replaced = text
    for pattern, reference in references:
        replaced = pattern.sub(reference, replaced)
    return value if replaced == text else {"Fn::Sub": replaced}
