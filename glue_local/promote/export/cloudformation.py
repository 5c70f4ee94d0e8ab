"""A CloudFormation template of a stage's resources, for teams that deploy otherwise: names become references."""

import json
import re
from collections.abc import Callable
from typing import Any

from glue_local.promote.desired import Resource
from glue_local.promote.kinds.schedules import dated
from glue_local.promote.kinds.tags import as_list
from glue_local.promote.overlay import Staged
from glue_local.promote.references import (
    KEPT,
    NAMED_BY,
    Reference,
    arn_references,
    job_started,
    labels,
    policies_of_roles,
)

_Properties = dict[str, Any]
_LITERAL = re.compile(r"\$\{")


def _named(member: str, name: str) -> Callable[[_Properties], _Properties]:
    return lambda request: {name: request[member], **{key: value for key, value in request.items() if key != member}}


def _bucket(request: _Properties) -> _Properties:
    # Where it lies is the stack's region.
    left = {key: value for key, value in request.items() if key != "CreateBucketConfiguration"}
    return _named("Bucket", "BucketName")(left)


def _database(request: _Properties) -> _Properties:
    return {"CatalogId": {"Ref": "AWS::AccountId"}, **request}


def _capital(value: Any) -> Any:
    """Return it with Step Functions' members called as CloudFormation calls them."""
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


def _document(request: _Properties) -> _Properties:
    texts = ("AssumeRolePolicyDocument", "PolicyDocument")
    return {key: json.loads(value) if key in texts else value for key, value in request.items()}


# The type of each kind, and its request in that type's words where they differ.
_TYPES: dict[str, tuple[str, Callable[[_Properties], _Properties]]] = {
    "buckets": ("AWS::S3::Bucket", _bucket),
    "roles": ("AWS::IAM::Role", _document),
    "role_policies": ("AWS::IAM::RolePolicy", _document),
    "streams": ("AWS::Kinesis::Stream", _named("StreamName", "Name")),
    "databases": ("AWS::Glue::Database", _database),
    "tables": ("AWS::Glue::Table", _database),
    "delivery_streams": ("AWS::KinesisFirehose::DeliveryStream", dict),
    "jobs": ("AWS::Glue::Job", dict),
    "state_machines": ("AWS::StepFunctions::StateMachine", _state_machine),
    "schedule_groups": ("AWS::Scheduler::ScheduleGroup", _schedule),
    "schedules": ("AWS::Scheduler::Schedule", _schedule),
}
# What a request has and its type has not, or has in other words.
_LACKING: dict[str, tuple[str, ...]] = {
    "buckets": (
        *("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"),
        *("ObjectLockEnabledForBucket", "ObjectOwnership", "BucketNamespace"),
    ),
    "roles": ("MaxSigninSessionDuration",),
    "databases": ("Tags",),
    "tables": ("PartitionIndexes", "TransactionId"),
    "jobs": ("SourceControlDetails", "CodeGenConfigurationNodes"),
    "state_machines": ("publish", "versionDescription"),
    "schedules": ("ActionAfterCompletion",),
}
_TAG_MAPS = ("jobs",)
_UNTAGGED = ("databases", "tables")  # CloudFormation tags no databases, Glue no tables


def template(wanted: Staged) -> dict[str, Any]:
    """Return the template. Scripts are not in it: they have to lie at their locations before it is deployed.

    Raises DefinitionError, naming the place, for what CloudFormation has no property for.
    """
    made = [each for each in wanted.resources if each.kind in _TYPES]
    for each in made:
        _refuse_lacking(each)
    logical = labels(made, _logical)
    references = [*arn_references(wanted, made, lambda each: f"${{{logical[each.key]}.Arn}}"), *_places(wanted)]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"{wanted.project} in {wanted.stage.name}, written by glue-local export",
        "Resources": {logical[each.key]: _resource(each, made, logical, references) for each in made},
    }


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
    resource: Resource, made: list[Resource], logical: dict[str, str], references: list[Reference]
) -> dict[str, Any]:
    type_name, rename = _TYPES[resource.kind]
    properties = rename(resource.request)
    properties = {key: _referring(value, references) for key, value in properties.items()}
    properties |= _names(resource, logical)
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
    """Return the members that name another resource of the template, as references: they order the making too."""
    if resource.kind == "jobs" and f"roles/{resource.request['Role']}" in logical:
        return {"Role": {"Ref": logical[f"roles/{resource.request['Role']}"]}}
    if resource.kind not in NAMED_BY:
        return {}
    kind, member = NAMED_BY[resource.kind]
    key = f"{kind}/{resource.request[member]}"
    return {member: {"Ref": logical[key]}} if key in logical else {}


def _definition(resource: Resource, logical: dict[str, str], references: list[Reference]) -> _Properties:
    """Return a definition whose jobs and ARNs are substitutions: CloudFormation knows then what it stands on."""
    text, substitutions = resource.request["definition"], {}
    for pattern, reference in references:
        if pattern.search(text):
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
