"""What ``glue-local.yaml`` asks for: its resources in AWS's request words, checked, in the order of their making."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from glue_local.promote import shapes
from glue_local.promote.document import Place, Written, read


@dataclass(frozen=True)
class Kind:
    """A list of ``glue-local.yaml``: the AWS operation that makes its resources, and where their name is."""

    service: str
    operation: str
    name: tuple[str, ...]


# In the order in which they can be made.
KINDS: dict[str, Kind] = {
    "buckets": Kind("s3", "CreateBucket", ("Bucket",)),
    "scripts": Kind("s3", "PutObject", ("Destination",)),
    "roles": Kind("iam", "CreateRole", ("RoleName",)),
    "streams": Kind("kinesis", "CreateStream", ("StreamName",)),
    "databases": Kind("glue", "CreateDatabase", ("DatabaseInput", "Name")),
    "tables": Kind("glue", "CreateTable", ("TableInput", "Name")),
    "delivery_streams": Kind("firehose", "CreateDeliveryStream", ("DeliveryStreamName",)),
    "jobs": Kind("glue", "CreateJob", ("Name",)),
    "state_machines": Kind("stepfunctions", "CreateStateMachine", ("name",)),
}


@dataclass(frozen=True)
class Resource:
    """One resource: its kind, its name, the request that would create it, and where it is written."""

    kind: str
    name: str
    request: dict[str, Any]
    place: Place


def desired(file: Path, region: str, account: str) -> list[Resource]:
    """Return the resources that ``file`` and the files it names describe, in the order of KINDS.

    Raises DefinitionError, naming file and line, for an unknown key, a missing file or a job that nobody defines.
    """
    variables = {"AWS::Region": region, "AWS::AccountId": account}
    lists = _lists(read(file, variables))
    resources = [
        _resource(kind, element, file.parent, variables)
        for kind in KINDS
        if kind in lists
        for element in lists[kind].elements()
    ]
    _jobs_exist(resources)
    _scripts_exist(resources)
    return resources


def _lists(top: Written) -> dict[str, Written]:
    lists = dict(top.items())
    for name in lists:
        if name not in KINDS:
            raise top.place_of(name).error(f"unknown key {name}; known are {', '.join(KINDS)}")
    return {name: each for name, each in lists.items() if each.value}


def _resource(kind: str, written: Written, folder: Path, variables: Mapping[str, str]) -> Resource:
    if kind == "jobs" and isinstance(written.value, str):
        # A job may have a file of its own beside its script.
        written = read(_existing(folder / written.value, written.place), variables)
    request = _script(written, folder) if kind == "scripts" else _request(kind, written, folder)
    name: Any = request
    for key in KINDS[kind].name:
        name = name[key]
    return Resource(kind, str(name), request, written.place)


def _script(written: Written, folder: Path) -> dict[str, Any]:
    members = dict(written.items())
    for name in ("Source", "Destination"):
        if not isinstance(getattr(members.get(name), "value", None), str):
            raise written.place.error(f"a script needs {name}")
    source, destination = members["Source"], members["Destination"]
    bucket, _, key = destination.value.removeprefix("s3://").partition("/")
    if not destination.value.startswith("s3://") or not bucket or not key:
        raise destination.place.error(f"Destination must be s3://bucket/key, not {destination.value}")
    body = _existing(folder / source.value, source.place).read_bytes()
    return {"Destination": destination.value, "Bucket": bucket, "Key": key, "Body": body}


def _request(kind: str, written: Written, folder: Path) -> dict[str, Any]:
    request = dict(written.value) if isinstance(written.value, dict) else {}
    texts = {}
    if kind == "state_machines" and isinstance(request.get("definition"), str):
        place = written.place_of("definition")
        texts["definition"] = _existing(folder / request["definition"], place).read_text()
        _json(texts["definition"], folder / request["definition"])
    policy = request.get("AssumeRolePolicyDocument")
    if isinstance(policy, dict):
        texts["AssumeRolePolicyDocument"] = json.dumps(policy)
        written = Written({**request, **texts}, _as_text(written, "AssumeRolePolicyDocument"), written.file)
    shapes.check(written, shapes.request_shape(KINDS[kind].service, KINDS[kind].operation), KINDS[kind].operation)
    return {**request, **texts}


def _as_text(written: Written, key: str) -> Any:
    """Return the node of a mapping whose member ``key`` is a scalar instead: AWS takes policies as text."""
    members = [
        (name, yaml.ScalarNode("tag:yaml.org,2002:str", "", value.start_mark) if name.value == key else value)
        for name, value in written.node.value
    ]
    return yaml.MappingNode(written.node.tag, members, written.node.start_mark)


def _existing(file: Path, place: Place) -> Path:
    if not file.is_file():
        raise place.error(f"there is no file {file}")
    return file


def _json(text: str, file: Path) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Place(file, error.lineno).error(f"is not JSON: {error.msg}") from None


def _jobs_exist(resources: list[Resource]) -> None:
    jobs = {each.name for each in resources if each.kind == "jobs"}
    for machine in (each for each in resources if each.kind == "state_machines"):
        for state, job in _jobs_started(json.loads(machine.request["definition"])):
            if job not in jobs:
                raise machine.place.error(
                    f"state {state} of {machine.name} starts the job {job}, which jobs: does not define;"
                    f" it defines {', '.join(sorted(jobs)) or 'none'}"
                )


def _jobs_started(definition: Any) -> Iterator[tuple[str, str]]:
    """Yield (state, job name) of every task that starts a Glue job by a constant name, in branches and maps too."""
    if isinstance(definition, list):
        for each in definition:
            yield from _jobs_started(each)
    elif isinstance(definition, dict):
        for name, state in (definition.get("States") or {}).items():
            task = state.get("Parameters") or state.get("Arguments") or {}
            if ":glue:startJobRun" in str(state.get("Resource")) and isinstance(task, dict) and "JobName" in task:
                yield name, task["JobName"]
        for member in definition.values():
            yield from _jobs_started(member)


def _scripts_exist(resources: list[Resource]) -> None:
    """Raise for a job whose script lies in a bucket that is ours, but is not uploaded."""
    buckets = {each.name for each in resources if each.kind == "buckets"}
    uploaded = {each.name for each in resources if each.kind == "scripts"}
    for job in (each for each in resources if each.kind == "jobs"):
        location = str(job.request["Command"].get("ScriptLocation", ""))
        if location.removeprefix("s3://").split("/")[0] in buckets and location not in uploaded:
            raise job.place.error(f"the script of job {job.name}, {location}, is not among scripts:")
