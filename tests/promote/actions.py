"""The IAM actions that a call needs, from the service authorization reference and each operation's documentation."""

from typing import Any

# Operations whose action has another name, or none.
_OTHERWISE = {
    ("s3", "HeadBucket"): ("s3:ListBucket",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    # Without ListBucket, S3 returns AccessDenied for missing objects.
    ("s3", "GetObject"): ("s3:GetObject", "s3:ListBucket"),
    ("s3", "GetBucketNotificationConfiguration"): ("s3:GetBucketNotification",),
    ("s3", "PutBucketNotificationConfiguration"): ("s3:PutBucketNotification",),
    ("sts", "GetCallerIdentity"): (),
}
_PREFIXES = {"stepfunctions": "states"}
# Additional actions for creating a resource with tags.
_TAGGED = {
    ("s3", "CreateBucket"): "s3:TagResource",
    ("iam", "CreateRole"): "iam:TagRole",
    ("kinesis", "CreateStream"): "kinesis:AddTagsToStream",
    ("firehose", "CreateDeliveryStream"): "firehose:TagDeliveryStream",
    ("glue", "CreateJob"): "glue:TagResource",
    ("glue", "CreateCrawler"): "glue:TagResource",
    ("events", "PutRule"): "events:TagResource",
    ("glue", "CreateTrigger"): "glue:TagResource",
    ("glue", "CreateWorkflow"): "glue:TagResource",
    ("glue", "CreateDatabase"): "glue:TagResource",
    ("stepfunctions", "CreateStateMachine"): "states:TagResource",
    ("scheduler", "CreateScheduleGroup"): "scheduler:TagResource",
}
_ROLES = ("Role", "roleArn", "RoleARN", "RoleArn")
_PASSING = ("glue", "firehose", "stepfunctions", "events", "scheduler")


def actions(service: str, operation: str, parameters: dict[str, Any]) -> set[str]:
    """Return the actions that a caller needs for a call."""
    plain = f"{_PREFIXES.get(service, service)}:{operation}"
    needed = set(_OTHERWISE.get((service, operation), (plain,)))
    if (service, operation) in _TAGGED and _names(parameters, ("Tags", "tags")):
        needed.add(_TAGGED[service, operation])
    if service in _PASSING and _names(parameters, _ROLES):
        needed.add("iam:PassRole")
    return needed


def _names(document: Any, names: tuple[str, ...]) -> bool:
    """Return whether one of the members occurs anywhere in a request."""
    if isinstance(document, dict):
        return any(key in names or _names(value, names) for key, value in document.items())
    return isinstance(document, list) and any(_names(each, names) for each in document)
