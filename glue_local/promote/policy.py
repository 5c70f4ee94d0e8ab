"""Generate least-privilege IAM policies for jobs, from their local runs' calls, and for state machines."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from glue_local.core.private_api import PrivateApi, ServerUnreachable, quoted
from glue_local.promote.checks.finding import argument_files
from glue_local.promote.definition.desired import Resource

_HERE = "${AWS::Region}:${AWS::AccountId}"
_LOCAL = re.compile(r"^(arn:aws:[a-z-]+):[a-z0-9-]+:\d{12}:")
_READ = ("s3:GetObject",)
_TEMPORARY = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
_WRITE = "s3:PutObject"
# Spark's committers delete what a failed task or attempt left and abort its uploads; checkpoints rename and purge files.
# A successful local run may do none of these.
_UNDO = ("s3:DeleteObject", "s3:AbortMultipartUpload")
# Glue's file system creates an empty marker object for each folder, and deletes it with the folder.
# https://repost.aws/knowledge-center/emr-s3-empty-files
_FOLDER = "_$folder$"
_MARK = ("s3:PutObject", "s3:DeleteObject")
# Glue's connector reads a stream with these calls; the local connector uses fewer, and names no stream with an iterator.
# https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-kinesis-home.html
_STREAM = ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")
# https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html
_RUN_A_JOB = ("glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun")
_STATE_LOGS = (
    *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery"),
    *("logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
)

Allowed = tuple[str, str]


def calls_of(job: str, endpoint: str) -> dict[str, Any]:
    """Return {Runs, Calls} of a job from the local server; raises ConnectionError if it does not respond."""
    try:
        return dict(PrivateApi(endpoint).get(f"calls/{quoted(job)}"))
    except ServerUnreachable as error:
        raise ConnectionError(f"{endpoint}: {error}") from None


def job_policy(job: Resource, calls: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Return the policy for a job's role: its runs' calls, and what Glue itself needs for its definition.

    It uses ``${AWS::AccountId}``, ``${AWS::Region}`` and local bucket names, so that one role policy in
    ``glue-local.yaml`` works for every stage.
    """
    allowed = {(call["Action"], local_arn(call["Resource"])) for call in calls}
    allowed = {each for each in allowed if each != ("kinesis:GetRecords", "*")} | set(_beyond(job, allowed))
    return policy({*allowed, *_by_definition(job)})


def local_arn(arn: str) -> str:
    """Return an ARN with ``${AWS::Region}`` and ``${AWS::AccountId}`` instead of the local ones."""
    return _LOCAL.sub(rf"\1:{_HERE}:", arn)


def sdk_call(service: str, action: str, given: dict[str, Any]) -> Allowed:
    """Return the permission for an ``aws-sdk`` call, such as glue and startCrawler, with these parameters."""
    name = action[:1].upper() + action[1:]
    if service == "glue":
        kind, member = next((found for verb, found in _NAMED_IN_GLUE.items() if name.endswith(verb)), ("", ""))
        # A name taken from the input could be any name.
        return f"glue:{name}", f"arn:aws:glue:{_HERE}:{kind}/{given.get(member, '*')}" if kind else "*"
    if service == "sfn" and "stateMachineArn" in given:
        return f"states:{name}", local_arn(str(given["stateMachineArn"]))
    return f"{_PREFIXES.get(service, service)}:{name}", "*"


# The resource of a Glue operation, by the end of its name, and the parameter that names it.
_NAMED_IN_GLUE = {
    "JobRun": ("job", "JobName"),
    "JobRuns": ("job", "JobName"),
    "Crawler": ("crawler", "Name"),
    "Trigger": ("trigger", "Name"),
    "WorkflowRun": ("workflow", "Name"),
}
_PREFIXES = {"sfn": "states"}


def _beyond(job: Resource, called: Iterable[Allowed]) -> Iterable[Allowed]:
    """Yield permissions that a job needs on AWS but not locally: to undo its writes and to read its streams."""
    spark = job.request["Command"].get("Name") != "pythonshell"
    for action, resource in called:
        if action == _WRITE and spark:
            yield from ((undo, resource) for undo in _UNDO)
            yield from ((mark, folder) for folder in _folders(resource) for mark in _MARK)
        if action == "kinesis:GetShardIterator":
            yield from ((f"kinesis:{read}", resource) for read in _STREAM)


def _folders(objects: str) -> Iterable[str]:
    """Yield the ARNs of the folder markers above ``arn:aws:s3:::bucket/a/b/*``: those of a and of a/b."""
    bucket, *names = objects.split("/")[:-1]
    for place in range(1, len(names) + 1):
        yield "/".join((bucket, *names[:place])) + _FOLDER


def _by_definition(job: Resource) -> Iterable[Allowed]:
    arguments = job.request.get("DefaultArguments", {})
    read = [str(job.request["Command"].get("ScriptLocation", ""))]
    for location in filter(None, [*read, *argument_files(job)]):
        yield from ((action, _objects(location)) for action in _READ)
    if arguments.get("--TempDir"):
        yield from ((action, _objects(arguments["--TempDir"])) for action in _TEMPORARY)
    group = "python-jobs" if job.request["Command"].get("Name") == "pythonshell" else "jobs"
    for action in ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"):
        yield action, f"arn:aws:logs:{_HERE}:log-group:/aws-glue/{group}/*"
    if "--enable-metrics" in arguments:
        yield "cloudwatch:PutMetricData", "*"


def _objects(location: str) -> str:
    """Return the ARN of the objects in a location's folder, where a script is stored under its SHA-256."""
    bucket, _, key = location.partition("://")[2].partition("/")
    folder = key.rpartition("/")[0]
    return f"arn:aws:s3:::{bucket}/{folder}/*" if folder else f"arn:aws:s3:::{bucket}/*"


def machine_policy(machine: Resource) -> dict[str, Any]:
    """Return the policy for a state machine's role: to run the jobs and call Glue as in its definition, and to log."""
    definition = json.loads(machine.request["definition"])
    allowed = {(action, f"arn:aws:glue:{_HERE}:job/{job}") for job in _jobs(definition) for action in _RUN_A_JOB}
    allowed |= _glue_calls(definition)
    if machine.request.get("loggingConfiguration", {}).get("level", "OFF") != "OFF":
        allowed |= {(action, "*") for action in _STATE_LOGS}
    return policy(allowed)


def _jobs(value: Any) -> set[str]:
    if isinstance(value, list):
        return {job for each in value for job in _jobs(each)}
    if not isinstance(value, dict):
        return set()
    found = {job for each in value.values() for job in _jobs(each)}
    if ":glue:startJobRun" in str(value.get("Resource")):
        given = value.get("Parameters") or value.get("Arguments") or {}
        # A job name taken from the input could be any job.
        found.add(str(given.get("JobName", "*")))
    return found


def _glue_calls(value: Any) -> set[Allowed]:
    if isinstance(value, list):
        return {call for each in value for call in _glue_calls(each)}
    if not isinstance(value, dict):
        return set()
    found = {call for each in value.values() for call in _glue_calls(each)}
    _, sdk, action = str(value.get("Resource")).partition(":aws-sdk:glue:")
    if sdk:
        given = value.get("Parameters") or value.get("Arguments") or {}
        found.add(sdk_call("glue", action.partition(".")[0], given if isinstance(given, dict) else {}))
    return found


def policy(allowed: Iterable[Allowed]) -> dict[str, Any]:
    """Return a policy document; resources with the same allowed actions share a statement."""
    actions: dict[str, set[str]] = defaultdict(set)
    for action, resource in allowed:
        actions[resource].add(action)
    resources: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for resource, on in sorted(actions.items()):
        resources[tuple(sorted(on))].append(resource)
    statements = [{"Effect": "Allow", "Action": list(on), "Resource": where} for on, where in sorted(resources.items())]
    return {"Version": "2012-10-17", "Statement": statements}
