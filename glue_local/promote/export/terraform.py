"""Render a stage's resources in Terraform's JSON syntax, with references between resources.

The AWS provider's attributes are stored as data (terraform_aws.json); members without an attribute are refused.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from glue_local.promote.aws_partitions import partition_of
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

_Body = dict[str, Any]
_SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# https://developer.hashicorp.com/terraform/language/syntax/json: every string is a template.
_TEMPLATE = re.compile(r"([$%])\{")


def _renamed(**names: str) -> Callable[[_Body], _Body]:
    return lambda request: {names.get(key, key): value for key, value in request.items()}


def _bucket(request: _Body) -> _Body:
    # The region is the provider's.
    left = {key: value for key, value in request.items() if key != "CreateBucketConfiguration"}
    return _renamed(ObjectLockEnabledForBucket="object_lock_enabled")(left)


def _database(request: _Body) -> _Body:
    given = _renamed(CreateTableDefaultPermissions="create_table_default_permission")(request["DatabaseInput"])
    return {**{key: value for key, value in request.items() if key != "DatabaseInput"}, **given}


def _table(request: _Body) -> _Body:
    left = {key: value for key, value in request.items() if key != "TableInput"}
    table = _renamed(PartitionIndexes="partition_index")({**left, **request["TableInput"]})
    if "StorageDescriptor" in table:
        table["StorageDescriptor"] = _renamed(SerdeInfo="ser_de_info")(table["StorageDescriptor"])
    return table


def _delivery_stream(request: _Body) -> _Body:
    left = {key: value for key, value in request.items() if key != "DeliveryStreamType"}
    destination = left.get("ExtendedS3DestinationConfiguration")
    if destination:
        left["ExtendedS3DestinationConfiguration"] = _destination(destination)
    names = {
        "DeliveryStreamName": "name",
        "ExtendedS3DestinationConfiguration": "extended_s3_configuration",
        "KinesisStreamSourceConfiguration": "kinesis_source_configuration",
    }
    return {"destination": "extended_s3", **_renamed(**names)(left)}


def _destination(given: _Body) -> _Body:
    left = _renamed(CloudWatchLoggingOptions="cloudwatch_logging_options")(given)
    hints = left.pop("BufferingHints", {})
    left |= {f"buffering_{key}": hints[name] for key, name in (("size", "SizeInMBs"), ("interval", "IntervalInSeconds")) if name in hints}  # fmt: skip
    if "EncryptionConfiguration" in left:
        key = left.pop("EncryptionConfiguration").get("KMSEncryptionConfig", {}).get("AWSKMSKeyARN")
        left |= {"kms_key_arn": key} if key else {}
    partitioning = left.get("DynamicPartitioningConfiguration")
    if partitioning:
        retry = partitioning.get("RetryOptions", {}).get("DurationInSeconds")
        duration = {} if retry is None else {"retry_duration": retry}
        kept = {key: value for key, value in partitioning.items() if key != "RetryOptions"}
        left["DynamicPartitioningConfiguration"] = {**kept, **duration}
    if "S3BackupConfiguration" in left:
        left["S3BackupConfiguration"] = _destination(left["S3BackupConfiguration"])
    return left


def _job(request: _Body) -> _Body:
    left = _renamed(Role="role_arn")(request)
    if "Connections" in left:
        left["Connections"] = left["Connections"].get("Connections", [])
    return left


def _trigger(request: _Body) -> _Body:
    # The provider starts a trigger whose ``enabled`` is not false, one of type ON_DEMAND as well.
    return {"enabled": request.get("StartOnCreation", False), **request}


def _state_machine(request: _Body) -> _Body:
    logging = request.get("loggingConfiguration")
    if not logging or "destinations" not in logging:
        return request
    [destination] = logging["destinations"]
    configuration = {key: value for key, value in logging.items() if key != "destinations"}
    configuration["log_destination"] = destination["cloudWatchLogsLogGroup"]["logGroupArn"]
    return {**request, "loggingConfiguration": configuration}


def _crawler(request: _Body) -> _Body:
    targets = {_TARGETS[name]: value for name, value in request["Targets"].items()}
    left = {key: value for key, value in request.items() if key != "Targets"}
    return {**_renamed(CrawlerSecurityConfiguration="security_configuration")(left), **targets}


_TARGETS = {
    "S3Targets": "s3_target",
    "JdbcTargets": "jdbc_target",
    "MongoDBTargets": "mongodb_target",
    "DynamoDBTargets": "dynamodb_target",
    "CatalogTargets": "catalog_target",
    "DeltaTargets": "delta_target",
    "IcebergTargets": "iceberg_target",
    "HudiTargets": "hudi_target",
}


def _target(request: _Body) -> _Body:
    target = _renamed(Id="target_id", KinesisParameters="kinesis_target", SqsParameters="sqs_target")(request)
    if "InputTransformer" in target:
        target["InputTransformer"] = _renamed(InputPathsMap="input_paths")(target["InputTransformer"])
    return target


def _notification(request: _Body) -> _Body:
    notified = request["NotificationConfiguration"]
    enabled = {"eventbridge": True} if "EventBridgeConfiguration" in notified else {}
    left = {key: value for key, value in notified.items() if key != "EventBridgeConfiguration"}
    return {"Bucket": request["Bucket"], **enabled, **left}


def _schedule(request: _Body) -> _Body:
    return {key: value for key, value in dated(request).items() if key != "ClientToken"}


# The type of each kind, and the conversion of its request where names differ by more than case.
_TYPES: dict[str, tuple[str, Callable[[_Body], _Body]]] = {
    "buckets": ("aws_s3_bucket", _bucket),
    "bucket_notifications": ("aws_s3_bucket_notification", _notification),
    "roles": ("aws_iam_role", _renamed(RoleName="name", AssumeRolePolicyDocument="assume_role_policy")),
    "role_policies": ("aws_iam_role_policy", _renamed(RoleName="role", PolicyName="name", PolicyDocument="policy")),
    "streams": ("aws_kinesis_stream", _renamed(StreamName="name")),
    "databases": ("aws_glue_catalog_database", _database),
    "tables": ("aws_glue_catalog_table", _table),
    "delivery_streams": ("aws_kinesis_firehose_delivery_stream", _delivery_stream),
    "jobs": ("aws_glue_job", _job),
    "crawlers": ("aws_glue_crawler", _crawler),
    "workflows": ("aws_glue_workflow", dict),
    "triggers": ("aws_glue_trigger", _trigger),
    "state_machines": ("aws_sfn_state_machine", _state_machine),
    "rules": ("aws_cloudwatch_event_rule", dict),
    "rule_targets": ("aws_cloudwatch_event_target", _target),
    "schedule_groups": ("aws_scheduler_schedule_group", _schedule),
    "schedules": ("aws_scheduler_schedule", _schedule),
}


def configuration(wanted: Staged) -> dict[str, Any]:
    """Return the configuration. It does not contain scripts: upload them before running jobs.

    Raises DefinitionError for a member that the provider has no attribute for.
    """
    made = [part for each in wanted.resources if each.kind in _TYPES for part in _apart(each)]
    names = labels(made, lambda each: f"{_TYPES[each.kind][0]}.{_label(each.name)}")
    references = arn_references(wanted, made, lambda each: f"${{{names[each.key]}.arn}}")
    resources: dict[str, dict[str, Any]] = {}
    for each in made:
        type_name, _, label = names[each.key].partition(".")
        resources.setdefault(type_name, {})[label] = _resource(each, wanted, made, names, references)
    return {
        "//": f"{wanted.project} in {wanted.stage.name}, written by glue-local export",
        "terraform": {"required_providers": {"aws": {"source": _schema()["provider"], "version": "~> 6.0"}}},
        "provider": {"aws": {"region": wanted.stage.region, "allowed_account_ids": [wanted.stage.account]}},
        "resource": resources,
    }


def _apart(resource: Resource) -> list[Resource]:
    """Return one resource for each target of a rule; any other resource as it is."""
    if resource.kind != "rule_targets":
        return [resource]
    rule = resource.request["Rule"]
    return [
        replace(resource, name=f"{rule}.{target['Id']}", request={"Rule": rule, **target})
        for target in resource.request["Targets"]
    ]


def _label(name: str) -> str:
    label = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return label if label[0].isalpha() or label[0] == "_" else f"_{label}"


def _resource(
    resource: Resource, wanted: Staged, made: list[Resource], names: dict[str, str], references: list[Reference]
) -> dict[str, Any]:
    type_name, rename = _TYPES[resource.kind]
    request = {key: value for key, value in resource.request.items() if key not in ("Tags", "tags")}
    body = _attributes(rename(request), _schema()["resources"][type_name], resource, type_name)
    body = {key: _referring(value, references) for key, value in body.items()}
    body |= _named(resource, wanted, names)
    started = with_jobs(
        resource, names, lambda label: f"${{{label}.name}}", lambda value: _referring(value, references)
    )
    body |= _attributes(started, _schema()["resources"][type_name], resource, type_name)
    if resource.kind == "state_machines":
        body["definition"] = _starting(body["definition"], names)
    if resource.tags and "tags" in _schema()["resources"][type_name]:
        body["tags"] = {key: _literal(value) for key, value in resource.tags.items()}
    if resource.kind in KEPT:
        body["lifecycle"] = {"prevent_destroy": True}
    first = [names[each.key] for each in policies_of_roles(resource, made)]
    if resource.kind == "bucket_notifications" and f"buckets/{resource.name}" in names:
        first.append(names[f"buckets/{resource.name}"])
    return {**body, **({"depends_on": first} if first else {})}


def _attributes(given: _Body, schema: _Body, resource: Resource, where: str) -> _Body:
    """Convert a structure of a request to the provider's attributes."""
    found = {}
    for key, value in given.items():
        name = _SNAKE.sub("_", key).lower()
        if name not in schema:
            raise resource.place.error(
                f"{resource.kind} {resource.name}: {where} of Terraform's {_schema()['provider']} has no {name} ({key})"
            )
        block = schema[name].get("block")
        if block is None:
            found[name] = str(value).lower() if isinstance(value, bool) and schema[name]["type"] == "string" else value
        elif isinstance(value, list):
            found[name] = [_attributes(each, block, resource, f"{where}.{name}") for each in value]
        else:
            found[name] = _attributes(value, block, resource, f"{where}.{name}")
    return found


def _named(resource: Resource, wanted: Staged, names: dict[str, str]) -> _Body:
    """Return the attributes that refer to another resource as references, which also order the creation."""
    if resource.kind == "jobs":
        return {"role_arn": _role_of(resource.request["Role"], wanted, names)}
    if resource.kind not in NAMED_BY:
        return {}
    kind, member = NAMED_BY[resource.kind]
    key = f"{kind}/{resource.request.get(member)}"
    named = {_NAMED[resource.kind]: f"${{{names[key]}.name}}"} if key in names else {}
    role = {"role": _role_of(resource.request["Role"], wanted, names)} if resource.kind == "crawlers" else {}
    return {**role, **named}


_NAMED = {
    "role_policies": "role",
    "tables": "database_name",
    "crawlers": "database_name",
    "triggers": "workflow_name",
    "rule_targets": "rule",
    "schedules": "group_name",
}


def _role_of(role: str, wanted: Staged, names: dict[str, str]) -> str:
    name = role.rpartition(":role/")[2]
    if f"roles/{name}" in names:
        return f"${{{names[f'roles/{name}']}.arn}}"
    # CreateJob accepts a role's name or ARN, the provider only the ARN.
    if role.startswith("arn:"):
        return role
    return f"arn:{partition_of(wanted.stage.region)}:iam::{wanted.stage.account}:role/{role}"


def _starting(definition: str, names: dict[str, str]) -> str:
    """Return a definition with references to jobs, so that Terraform can determine its dependencies."""
    for key, name in names.items():
        kind, _, job = key.partition("/")
        if kind == "jobs":
            definition = job_started(job).sub(rf'\1"${{{name}.name}}"', definition)
    return definition


def _referring(value: Any, references: list[Reference]) -> Any:
    if isinstance(value, dict):
        return {key: _referring(member, references) for key, member in value.items()}
    if isinstance(value, list):
        return [_referring(element, references) for element in value]
    if not isinstance(value, str):
        return value
    text = _literal(value)
    for pattern, reference in references:
        text = pattern.sub(reference, text)
    return text


def _literal(text: str) -> str:
    return _TEMPLATE.sub(r"\1\1{", text)


@cache
def _schema() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((files("glue_local.promote.export") / "terraform_aws.json").read_text())
    return document
