"""AWS::KinesisFirehose::DeliveryStream and AWS::StepFunctions::StateMachine, and resource types that moto creates but cannot update.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_KinesisFirehose.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_StepFunctions.html
"""

import json
from typing import Any

from glue_local.backend.cloudformation.kind import Kind, Made, Properties, fitted, tags_as_map

_S3 = "ExtendedS3DestinationConfiguration"


def _create_stream(firehose: Any, name: str, properties: Properties) -> Made:
    arn = firehose.create_delivery_stream(**fitted(firehose, "CreateDeliveryStream", properties))["DeliveryStreamARN"]
    return Made(name, {"Arn": arn})


def _update_stream(firehose: Any, name: str, old: Properties, new: Properties) -> None:
    stream = firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
    given = new.get(_S3) or new["S3DestinationConfiguration"]
    update = fitted(firehose, "UpdateDestination", {"ExtendedS3DestinationUpdate": given})
    firehose.update_destination(
        DeliveryStreamName=name,
        CurrentDeliveryStreamVersionId=stream["VersionId"],
        DestinationId=stream["Destinations"][0]["DestinationId"],
        **update,
    )
    before, after = tags_as_map(old.get("Tags")), tags_as_map(new.get("Tags"))
    if gone := [tag for tag in before if tag not in after]:
        firehose.untag_delivery_stream(DeliveryStreamName=name, TagKeys=gone)
    if after:
        firehose.tag_delivery_stream(DeliveryStreamName=name, Tags=_listed(after, "Key", "Value"))


def _create_machine(sfn: Any, name: str, properties: Properties) -> Made:
    request = {
        "name": name,
        "definition": _definition(properties),
        "type": properties.get("StateMachineType", "STANDARD"),
        "tags": _listed(tags_as_map(properties.get("Tags")), "key", "value"),
        **_settings(properties),
    }
    arn = sfn.create_state_machine(**fitted(sfn, "CreateStateMachine", request))["stateMachineArn"]
    return Made(arn, {"Arn": arn, "Name": name})


def _update_machine(sfn: Any, name: str, old: Properties, new: Properties) -> None:
    arn = _arn_of_machine(sfn, name)
    request = {"stateMachineArn": arn, "definition": _definition(new), **_settings(new)}
    sfn.update_state_machine(**fitted(sfn, "UpdateStateMachine", request))
    before, after = tags_as_map(old.get("Tags")), tags_as_map(new.get("Tags"))
    if gone := [tag for tag in before if tag not in after]:
        sfn.untag_resource(resourceArn=arn, tagKeys=gone)
    if after:
        sfn.tag_resource(resourceArn=arn, tags=_listed(after, "key", "value"))


def _arn_of_machine(sfn: Any, name: str) -> str:
    pages = sfn.get_paginator("list_state_machines").paginate()
    machines = (machine for page in pages for machine in page["stateMachines"])
    return next(str(machine["stateMachineArn"]) for machine in machines if machine["name"] == name)


def _delete_machine(sfn: Any, name: str, properties: Properties) -> None:
    sfn.delete_state_machine(stateMachineArn=_arn_of_machine(sfn, name))


def _definition(properties: Properties) -> str:
    if "DefinitionS3Location" in properties:
        raise ValueError("DefinitionS3Location is not emulated: use DefinitionString")
    text = properties.get("DefinitionString") or json.dumps(properties.get("Definition", {}))
    for name, value in (properties.get("DefinitionSubstitutions") or {}).items():
        text = text.replace(f"${{{name}}}", str(value))
    return str(text)


def _settings(properties: Properties) -> Properties:
    wanted = {"roleArn": properties["RoleArn"]}
    for name in ("LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration"):
        if name in properties:
            wanted[name[0].lower() + name[1:]] = _lower_camel(properties[name])
    return wanted


def _lower_camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: _lower_camel(member) for name, member in value.items()}
    return [_lower_camel(member) for member in value] if isinstance(value, list) else value


def _listed(tags: dict[str, str], key: str, value: str) -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in tags.items()]


def _put_bucket_policy(s3: Any, name: str, properties: Properties) -> Made:
    s3.put_bucket_policy(Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"]))
    return Made(properties["Bucket"])


def _create_log_group(logs: Any, name: str, properties: Properties) -> Made:
    logs.create_log_group(logGroupName=name, tags=tags_as_map(properties.get("Tags")))
    _retain(logs, name, properties)
    group = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
    return Made(name, {"Arn": group["arn"]})


def _retain(logs: Any, name: str, properties: Properties) -> None:
    if "RetentionInDays" in properties:
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(properties["RetentionInDays"]))


def _update_log_group(logs: Any, name: str, old: Properties, new: Properties) -> None:
    if "RetentionInDays" in old and "RetentionInDays" not in new:
        logs.delete_retention_policy(logGroupName=name)
    _retain(logs, name, new)


KINDS = (
    Kind(
        "AWS::KinesisFirehose::DeliveryStream",
        "firehose",
        _create_stream,
        _update_stream,
        lambda firehose, name, properties: firehose.delete_delivery_stream(DeliveryStreamName=name),
        name=("DeliveryStreamName",),
        replaced_by=("DeliveryStreamType", "KinesisStreamSourceConfiguration"),
        attributes=("Arn",),
        longest_name=64,
    ),
    Kind(
        "AWS::StepFunctions::StateMachine",
        "stepfunctions",
        _create_machine,
        _update_machine,
        _delete_machine,
        name=("StateMachineName",),
        replaced_by=("StateMachineType",),
        attributes=("Arn", "Name"),
        longest_name=80,
    ),
    Kind(
        "AWS::S3::BucketPolicy",
        "s3",
        _put_bucket_policy,
        lambda s3, name, old, new: s3.put_bucket_policy(Bucket=new["Bucket"], Policy=json.dumps(new["PolicyDocument"])),
        lambda s3, name, properties: s3.delete_bucket_policy(Bucket=properties["Bucket"]),
        replaced_by=("Bucket",),
    ),
    Kind(
        "AWS::Logs::LogGroup",
        "logs",
        _create_log_group,
        _update_log_group,
        lambda logs, name, properties: logs.delete_log_group(logGroupName=name),
        name=("LogGroupName",),
        attributes=("Arn",),
    ),
)
