"""The least IAM policy of a role: of a job from what its local runs called and its definition, of a state machine from its own."""

import json
import re
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from glue_local.promote.desired import Resource
from glue_local.promote.preflight.finding import carried

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_HERE = "${AWS::Region}:${AWS::AccountId}"
_LOCAL = re.compile(r"^(arn:aws:[a-z-]+):[a-z0-9-]+:\d{12}:")
_READ = ("s3:GetObject",)
_TEMPORARY = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
_WRITE = "s3:PutObject"
# A committer of Spark's deletes what a failed task or the last attempt left, and aborts its uploads; a checkpoint renames
# and purges its files. A local run that goes well may do neither.
_UNDO = ("s3:DeleteObject", "s3:AbortMultipartUpload")
# Glue's own file system marks each folder that it makes by an empty object beside it, and takes the mark away with the folder.
# https://repost.aws/knowledge-center/emr-s3-empty-files
_FOLDER = "_$folder$"
_MARK = ("s3:PutObject", "s3:DeleteObject")
# What Glue's connector reads a stream with; the local one asks for less, and names no stream where it has an iterator.
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
    """Return {Runs, Calls} of a job from the local endpoint; raises ConnectionError when none answers."""
    url = f"{endpoint}/_glue_local/calls/{job}"
    try:
        with _DIRECT.open(url, timeout=10) as response:
            return dict(json.load(response))
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise ConnectionError(f"{url}: {error}") from None


def job_policy(job: Resource, calls: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Return the policy of a job's role: what its runs called, and what Glue does for it by its definition.

    Accounts and regions are ``${AWS::AccountId}`` and ``${AWS::Region}``, buckets have their local names, so that a
    role policy of ``glue-local.yaml`` can hold it for every stage.
    """
    allowed = {(call["Action"], _LOCAL.sub(rf"\1:{_HERE}:", call["Resource"])) for call in calls}
    allowed = {each for each in allowed if each != ("kinesis:GetRecords", "*")} | set(_beyond(job, allowed))
    return policy({*allowed, *_by_definition(job)})


def _beyond(job: Resource, called: Iterable[Allowed]) -> Iterable[Allowed]:
    """Yield what a job needs on AWS beyond what its runs called here: to undo what it wrote, to read its streams."""
    spark = job.request["Command"].get("Name") != "pythonshell"
    for action, resource in called:
        if action == _WRITE and spark:
            yield from ((undo, resource) for undo in _UNDO)
            yield from ((mark, folder) for folder in _folders(resource) for mark in _MARK)
        if action == "kinesis:GetShardIterator":
            yield from ((f"kinesis:{read}", resource) for read in _STREAM)


def _folders(objects: str) -> Iterable[str]:
    """Yield the ARNs of the marks of the folders that ``arn:aws:s3:::bucket/a/b/*`` lies in: of a and of a/b."""
    bucket, *names = objects.split("/")[:-1]
    for place in range(1, len(names) + 1):
        yield "/".join((bucket, *names[:place])) + _FOLDER


def _by_definition(job: Resource) -> Iterable[Allowed]:
    arguments = job.request.get("DefaultArguments", {})
    read = [str(job.request["Command"].get("ScriptLocation", ""))]
    for location in filter(None, [*read, *carried(job)]):
        yield from ((action, _objects(location)) for action in _READ)
    if arguments.get("--TempDir"):
        yield from ((action, _objects(arguments["--TempDir"])) for action in _TEMPORARY)
    group = "python-jobs" if job.request["Command"].get("Name") == "pythonshell" else "jobs"
    for action in ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"):
        yield action, f"arn:aws:logs:{_HERE}:log-group:/aws-glue/{group}/*"
    if "--enable-metrics" in arguments:
        yield "cloudwatch:PutMetricData", "*"


def _objects(location: str) -> str:
    """Return the ARN of what lies below a location's folder: a script lies below it under its SHA-256."""
    bucket, _, key = location.partition("://")[2].partition("/")
    folder = key.rpartition("/")[0]
    return f"arn:aws:s3:::{bucket}/{folder}/*" if folder else f"arn:aws:s3:::{bucket}/*"


def machine_policy(machine: Resource) -> dict[str, Any]:
    """Return the policy of a state machine's role: to run the jobs that its definition starts, and to log."""
    started = _jobs(json.loads(machine.request["definition"]))
    allowed = {(action, f"arn:aws:glue:{_HERE}:job/{job}") for job in started for action in _RUN_A_JOB}
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
        # A job whose name the input tells could be any.
        found.add(str(given.get("JobName", "*")))
    return found


def policy(allowed: Iterable[Allowed]) -> dict[str, Any]:
    """Return a policy document; resources that the same actions are allowed on share a statement."""
    actions: dict[str, set[str]] = defaultdict(set)
    for action, resource in allowed:
        actions[resource].add(action)
    resources: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for resource, on in sorted(actions.items()):
        resources[tuple(sorted(on))].append(resource)
    statements = [{"Effect": "Allow", "Action": list(on), "Resource": where} for on, where in sorted(resources.items())]
    return {"Version": "2012-10-17", "Statement": statements}
