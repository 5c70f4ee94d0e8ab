"""Read the resources in ``glue-local.yaml``: validated AWS requests in the order of creation."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from glue_local.core.near import nearest
from glue_local.promote.aws_partitions import partition_of
from glue_local.promote.definition import shapes
from glue_local.promote.definition.document import Faults, Place, Scalar, Written, read, read_text
from glue_local.promote.definition.seeds import Seed, read_seeds
from glue_local.promote.definition.stages import Stage, stage
from glue_local.promote.definition.variables import values
from glue_local.promote.definition.wheels import bytes_of
from glue_local.promote.kinds import KINDS

# Members whose JSON text may be written as YAML, or be in a file.
_DOCUMENTS = ("AssumeRolePolicyDocument", "PolicyDocument", "EventPattern", "Configuration")
_OTHER_KEYS = ("project", "promotions", "variables", "stages", "verify", "seeds")
_DERIVED = ("schedule_groups",)


@dataclass(frozen=True)
class Resource:
    """One resource: its kind, name, the request that creates it, its place in the file, and its stage's tags."""

    kind: str
    name: str
    request: dict[str, Any]
    place: Place
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Its unique key: kind and name."""
        return f"{self.kind}/{self.name}"

    @property
    def singular(self) -> str:
        """The singular of its kind, for messages."""
        return singular(self.kind)


def singular(kind: str) -> str:
    """Return the singular of a kind's name: delivery stream for delivery_streams."""
    words = kind.replace("_", " ")
    return f"{words.removesuffix('ies')}y" if words.endswith("ies") else words.removesuffix("s")


@dataclass(frozen=True)
class Project:
    """A definition file: the project's name, where its promotions are recorded, and its lists of resources."""

    file: Path
    written: Written
    name: Written | None
    promotions: Written | None
    variables: Written | None
    stages: Written | None
    verify: Written | None
    seeds: Written | None
    lists: dict[str, Written]


def project(file: Path) -> Project:
    """Read a definition file; raises DefinitionError for an unknown key."""
    faults = Faults()
    given = _project(file, faults)
    faults.check()
    return given


def _project(file: Path, faults: Faults) -> Project:
    written = read(file)
    top = dict(written.items())
    listed = [kind for kind in KINDS if kind not in _DERIVED]
    for name in top:
        if name not in (*listed, *_OTHER_KEYS):
            near = nearest(name, (*listed, *_OTHER_KEYS))
            hint = f"did you mean {near}?" if near else f"choose one of {', '.join((*listed, *_OTHER_KEYS))}"
            faults.note(written.place_of(name).error(f"unknown key {name}: {hint}"))
    lists = {name: top[name] for name in listed if name in top and top[name].value}
    own, promotions, variables, stages, verify, seeds = (top.get(key) for key in _OTHER_KEYS)
    return Project(file, written, own, promotions, variables, stages, verify, seeds, lists)


def desired(file: Path, region: str, account: str) -> list[Resource]:
    """Return the local resources in ``file`` and the files it refers to, in the order of KINDS.

    Raises DefinitionError with the file and line of each unknown key, missing file and undefined job.
    """
    faults = Faults()
    given = _project(file, faults)
    known = values(given.variables, {}, "the local definition", given.variables or given.written)
    found = _resources(given, {**known, **_here(region, account)}, faults)
    read_seeds(given.seeds, file.parent, {**known, **_here(region, account)}, faults)
    faults.check()
    return found


def local_seeds(file: Path, region: str, account: str) -> list[Seed]:
    """Return the seeds in ``file``; raises DefinitionError with all faults."""
    faults = Faults()
    given = _project(file, faults)
    known = values(given.variables, {}, "the local definition", given.variables or given.written)
    found = read_seeds(given.seeds, file.parent, {**known, **_here(region, account)}, faults)
    faults.check()
    return found


def script_sources(file: Path, region: str, account: str) -> dict[str, Path]:
    """Return {Destination: Source} of the scripts in ``file``, which ``desired`` has accepted."""
    given = project(file)
    known = values(given.variables, {}, "the local definition", given.variables or given.written)
    elements = given.lists["scripts"].elements() if "scripts" in given.lists else []
    found = [element.replaced({**known, **_here(region, account)}).value for element in elements]
    return {each["Destination"]: file.parent / each["Source"] for each in found}


def job_definition(file: Path, region: str, account: str) -> Resource:
    """Return the job in a file of its own, CreateJob's request; raises DefinitionError."""
    written = read(file, _here(region, account))
    return Resource(
        "jobs", KINDS["jobs"].name_of(_request("jobs", written, file.parent, {})), written.value, written.place
    )


def for_stage(given: Project, name: str) -> tuple[Stage, list[Resource]]:
    """Return a stage and the resources with its variables but still with local names; raises DefinitionError."""
    chosen = stage(given.stages, name, given.file)
    known = values(given.variables, chosen.variables, f"stage {name}", chosen.written)
    return chosen, resources(given, {**known, **_here(chosen.region, chosen.account)})


def _here(region: str, account: str) -> dict[str, Scalar]:
    return {"AWS::Region": region, "AWS::AccountId": account, "AWS::Partition": partition_of(region)}


def resources(given: Project, variables: Mapping[str, Scalar]) -> list[Resource]:
    """Return the resources of a project with these variables; raises DefinitionError with all faults."""
    faults = Faults()
    found = _resources(given, variables, faults)
    faults.check()
    return found


def _resources(given: Project, variables: Mapping[str, Scalar], faults: Faults) -> list[Resource]:
    found: list[Resource] = []
    for kind in (each for each in KINDS if each in given.lists):
        with faults.noted():
            for element in given.lists[kind].elements():
                with faults.noted():
                    found.append(_resource(kind, element.replaced(variables), given.file.parent, variables))
    if not faults.found:  # A job that could not be read would count as undefined.
        for check in (_jobs_exist, _parts_of_triggers_exist, _rules_exist, _scripts_exist):
            check(found, faults)
    return found


def _resource(kind: str, written: Written, folder: Path, variables: Mapping[str, Scalar]) -> Resource:
    if kind == "jobs" and isinstance(written.value, str):
        # A job may have its own file beside its script.
        written = read(_existing(folder / written.value, written.place), variables)
    request = _script(written, folder) if kind == "scripts" else _request(kind, written, folder, variables)
    return Resource(kind, KINDS[kind].name_of(request), request, written.place)


def _script(written: Written, folder: Path) -> dict[str, Any]:
    members = dict(written.items())
    for name in members:
        if name not in ("Source", "Destination"):
            raise written.place_of(name).error(f"unknown member {name} of a script: use Source and Destination")
    for name in ("Source", "Destination"):
        if not isinstance(getattr(members.get(name), "value", None), str):
            raise written.place.error(f"{name} of a script is missing")
    source, destination = members["Source"], members["Destination"]
    bucket, _, key = destination.value.removeprefix("s3://").partition("/")
    if not destination.value.startswith("s3://") or not bucket or not key:
        raise destination.place.error(f"Destination must be s3://bucket/key, not {destination.value}")
    path = folder / source.value
    body = bytes_of(path if path.is_dir() else _existing(path, source.place), key.rsplit("/", 1)[-1])
    return {"Destination": destination.value, "Bucket": bucket, "Key": key, "Body": body}


def _request(kind: str, written: Written, folder: Path, variables: Mapping[str, Scalar]) -> dict[str, Any]:
    request = dict(written.value) if isinstance(written.value, dict) else {}
    texts = {}
    if kind == "state_machines" and isinstance(request.get("definition"), str):
        texts["definition"] = _file_text(request["definition"], written.place_of("definition"), folder, variables)
    for member in _DOCUMENTS:
        document = request.get(member)
        if isinstance(document, dict):
            texts[member] = json.dumps(document)
            written = Written({**request, **texts}, _as_text(written, member), written.file)
        elif isinstance(document, str) and document.endswith(".json"):
            texts[member] = _file_text(document, written.place_of(member), folder, variables)
        elif isinstance(document, str):
            _check_document(document, member, written.place_of(member))
    shapes.check(written, KINDS[kind].shape, KINDS[kind].operation)
    return {**request, **texts}


def _check_document(text: str, member: str, place: Place) -> None:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise place.error(f"{member} is not valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise place.error(f"{member} must be a JSON object, not {text}")


def _file_text(name: str, place: Place, folder: Path, variables: Mapping[str, Scalar]) -> str:
    text = read_text(_existing(folder / name, place), variables)
    _json(text, folder / name)
    return text


def _as_text(written: Written, key: str) -> Any:
    """Replace a mapping's member ``key`` by a scalar node: AWS takes policies as text."""
    members = [
        (name, yaml.ScalarNode("tag:yaml.org,2002:str", "", value.start_mark) if name.value == key else value)
        for name, value in written.node.value
    ]
    return yaml.MappingNode(written.node.tag, members, written.node.start_mark)


def _existing(file: Path, place: Place) -> Path:
    if not file.is_file():
        raise place.error(f"file {file} does not exist")
    return file


def _json(text: str, file: Path) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Place(file, error.lineno).error(f"invalid JSON: {error.msg}") from None


def _jobs_exist(found: list[Resource], faults: Faults) -> None:
    jobs = {each.name for each in found if each.kind == "jobs"}
    for machine in (each for each in found if each.kind == "state_machines"):
        for state, job in jobs_started(json.loads(machine.request["definition"])):
            if job not in jobs:
                near = nearest(job, jobs)
                hint = f"did you mean {near}?" if near else f"({', '.join(sorted(jobs)) or 'none are'})"
                fault = f"state {state} of {machine.name} starts the job {job}, which is not defined under jobs: {hint}"
                faults.note(machine.place.error(fault))


def _parts_of_triggers_exist(found: list[Resource], faults: Faults) -> None:
    """Note the fault of a trigger with a job, crawler or workflow that is not defined."""
    known = {each.key for each in found}
    for trigger in (each for each in found if each.kind == "triggers"):
        conditions = trigger.request.get("Predicate", {}).get("Conditions", [])
        parts = [*trigger.request.get("Actions", []), *conditions]
        wanted = [f"jobs/{part['JobName']}" for part in parts if "JobName" in part]
        wanted += [f"crawlers/{part['CrawlerName']}" for part in parts if "CrawlerName" in part]
        if "WorkflowName" in trigger.request:
            wanted.append(f"workflows/{trigger.request['WorkflowName']}")
        for kind, _, name in (key.partition("/") for key in wanted if key not in known):
            fault = f"trigger {trigger.name} uses the {singular(kind)} {name}, which is not defined under {kind}:"
            faults.note(trigger.place.error(fault))


def _rules_exist(found: list[Resource], faults: Faults) -> None:
    """Note the fault of targets of a rule, or notifications of a bucket, that is not defined."""
    known = {each.key for each in found}
    for each in found:
        if each.kind == "rule_targets" and f"rules/{each.name}" not in known:
            faults.note(each.place.error(f"rule_targets: {each.name} is not defined under rules:"))
        if each.kind == "bucket_notifications" and f"buckets/{each.name}" not in known:
            faults.note(each.place.error(f"bucket_notifications: {each.name} is not defined under buckets:"))


def jobs_started(definition: Any) -> Iterator[tuple[str, str]]:
    """Yield (state, job name) for every task that starts a Glue job by a constant name, including nested states."""
    if isinstance(definition, list):
        for each in definition:
            yield from jobs_started(each)
    elif isinstance(definition, dict):
        for name, state in (definition.get("States") or {}).items():
            task = state.get("Parameters") or state.get("Arguments") or {}
            if ":glue:startJobRun" in str(state.get("Resource")) and isinstance(task, dict) and "JobName" in task:
                yield name, task["JobName"]
        for member in definition.values():
            yield from jobs_started(member)


def _scripts_exist(found: list[Resource], faults: Faults) -> None:
    """Note the fault of a job whose script is in one of our buckets but not uploaded."""
    buckets = {each.name for each in found if each.kind == "buckets"}
    uploaded = {each.name for each in found if each.kind == "scripts"}
    for job in (each for each in found if each.kind == "jobs"):
        location = str(job.request["Command"].get("ScriptLocation", ""))
        if location.removeprefix("s3://").split("/")[0] in buckets and location not in uploaded:
            fault = f"the script of job {job.name}, {location}, is not listed under scripts:"
            faults.note(job.place.error(fault))
