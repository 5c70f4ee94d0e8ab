"""Adapt local resources to a stage: names, roles, sizes and tags, with scripts stored under their SHA-256."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from glue_local.promote.aws_partitions import in_partition_of
from glue_local.promote.definition import shapes
from glue_local.promote.definition.desired import Project, Resource, for_stage, project
from glue_local.promote.definition.document import DefinitionError, Written
from glue_local.promote.definition.event_patterns import bucket_names
from glue_local.promote.definition.local_value_check import refuse_local_values
from glue_local.promote.definition.stages import Stage
from glue_local.promote.kinds import KINDS
from glue_local.promote.kinds.scripts import digest
from glue_local.promote.kinds.tags import given

PROJECT_TAG, STAGE_TAG = "glue-local:project", "glue-local:stage"

_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_END = r"(?=$|[/\"',*\s\\])"
Rewrite = Callable[[str], str]


@dataclass(frozen=True)
class Staged:
    """The desired state of a stage: its resources, those it only uses, and where its promotions are recorded."""

    project: str
    stage: Stage
    resources: list[Resource]
    used: list[Resource]
    """Existing resources: checked, never changed."""
    given_roles: dict[str, str]
    """The ARNs of existing roles by local name."""
    given_policies: list[Resource]
    """The policies that the definitions require of those roles: checked, never written."""
    bucket: str
    prefix: str

    @property
    def tags(self) -> dict[str, str]:
        """The tags that mark a resource as belonging to this project and stage."""
        return {PROJECT_TAG: self.project, STAGE_TAG: self.stage.name}


def staged(file: Path, name: str) -> Staged:
    """Return the desired state of the stage ``name``; raises DefinitionError with file and line."""
    given = project(file)
    stage, local = for_stage(given, name)
    owner = _project_name(given)
    bucket, prefix = _promotions(given, stage)
    local = _overridden(local, stage)
    local = _scheduled(local, stage, f"{owner}-{name}")
    _known(local, stage.buckets, "buckets", "Bucket")
    _known(local, stage.roles, "roles", "RoleName")
    kept = [each for each in local if not _of_given_role(each, stage)]
    rewrites: list[Rewrite] = [partial(in_partition_of, stage.region), *_bucket_names(stage), *_role_arns(stage)]
    renamed = [_rewritten(each, rewrites, stage) for each in kept]
    hashed = _content_addressed(renamed)
    tags = {PROJECT_TAG: owner, STAGE_TAG: name, **stage.tags}
    used = [each for local_one, each in zip(kept, hashed, strict=True) if _exists(local_one, stage)]
    ours = [_tagged(each, tags) for each in hashed if each not in used]
    _all_existing_known(kept, stage)
    for resource in (*ours, *used):
        refuse_local_values(resource, stage)
    roles = {role: str(arn.value) for role, arn in stage.roles.items()}
    theirs = [each for each in local if each.kind == "role_policies" and each.request["RoleName"] in roles]
    policies = [_rewritten(each, rewrites, stage) for each in theirs]
    return Staged(owner, stage, _in_order(ours), used, roles, policies, bucket, f"{prefix}{owner}/{name}/")


def _project_name(given: Project) -> str:
    if given.name is None:
        raise DefinitionError(
            f"{given.written.place}: project: is missing: a project with stages needs a name, which tags its resources"
        )
    if not isinstance(given.name.value, str) or not _PROJECT.fullmatch(given.name.value):
        raise given.name.place.error(
            f"invalid project name {given.name.value!r}: use letters, digits, '.', '_' and '-'"
        )
    return given.name.value


def _promotions(given: Project, stage: Stage) -> tuple[str, str]:
    if given.promotions is None:
        raise DefinitionError(
            f"{given.written.place}: promotions: is missing: a project with stages records them in s3://bucket/prefix/"
        )
    match = re.fullmatch(r"s3://([^/]+)/(.+/)?", str(given.promotions.value))
    if match is None:
        raise given.promotions.place.error(f"promotions must be s3://bucket/prefix/, not {given.promotions.value}")
    bucket = stage.buckets[match[1]].value if match[1] in stage.buckets else match[1]
    return str(bucket), match[2] or ""


def _known(local: list[Resource], named: Mapping[str, Written], kind: str, member: str) -> None:
    names = [each.request[member] for each in local if each.kind == kind]
    for name, written in named.items():
        if name not in names:
            raise written.place.error(f"{kind}: {name} is not defined: choose one of {', '.join(names) or '(none)'}")


def _overridden(local: list[Resource], stage: Stage) -> list[Resource]:
    changed = {each.key: each for each in local}
    for kind, overrides in stage.overrides.items():
        for name, written in overrides.items():
            resource = changed.get(f"{kind}/{name}")
            if resource is None:
                known = ", ".join(each.name for each in local if each.kind == kind) or "(none)"
                raise written.place.error(f"{kind}: {name} is not defined: choose one of {known}")
            shapes.check(written, KINDS[kind].shape, KINDS[kind].operation, partly=True)
            changed[resource.key] = replace(resource, request=merged(resource.request, written.value))
    return list(changed.values())


def merged(under: Any, over: Any) -> Any:
    """Merge ``over`` into ``under``: structures member by member, anything else as a whole."""
    if isinstance(under, dict) and isinstance(over, dict):
        return {**under, **{key: merged(under.get(key), value) for key, value in over.items()}}
    return over


def _scheduled(local: list[Resource], stage: Stage, group: str) -> list[Resource]:
    schedules = [each for each in local if each.kind == "schedules"]
    if not isinstance(stage.schedules, bool):
        _known(local, stage.schedules, "schedules", "Name")
    if not schedules:
        return local
    for each in schedules:
        if "GroupName" in each.request:
            raise each.place.error(
                f"schedule {each.name}: GroupName is not allowed, the stage's group is {group}: remove it"
            )
    made = [replace(each, request={**each.request, "GroupName": group, **_state(each, stage)}) for each in schedules]
    group_of_all = Resource("schedule_groups", group, {"Name": group}, schedules[0].place)
    return [*(each for each in local if each.kind != "schedules"), group_of_all, *made]


def _state(schedule: Resource, stage: Stage) -> dict[str, str]:
    if isinstance(stage.schedules, bool):
        return {"State": "ENABLED" if stage.schedules else "DISABLED"}
    if schedule.name in stage.schedules:
        return {"State": "ENABLED" if stage.schedules[schedule.name].value else "DISABLED"}
    return {}


def _of_given_role(resource: Resource, stage: Stage) -> bool:
    return resource.kind in ("roles", "role_policies") and resource.request["RoleName"] in stage.roles


def _exists(resource: Resource, stage: Stage) -> bool:
    return resource.name in [str(each.value) for each in stage.existing.get(resource.kind, ())]


def _all_existing_known(local: list[Resource], stage: Stage) -> None:
    keys = {each.key for each in local}
    for kind, names in stage.existing.items():
        for name in names:
            if f"{kind}/{name.value}" not in keys:
                raise name.place.error(
                    f"{kind}: {name.value} is not defined, but the stage {stage.name} lists it under existing:"
                )


def with_buckets_of(stage: Stage, value: Any) -> Any:
    """Replace local bucket names in ``s3://`` paths by the stage's."""
    return _map(value, _bucket_names(stage))


def _bucket_names(stage: Stage) -> list[Rewrite]:
    return [_replacing(rf"(s3[an]?://|arn:aws[a-z-]*:s3:::){re.escape(n)}{_END}", rf"\g<1>{w.value}") for n, w in stage.buckets.items()]  # fmt: skip


def _role_arns(stage: Stage) -> list[Rewrite]:
    return [_replacing(rf"arn:aws[a-z-]*:iam::\d{{12}}:role/{re.escape(n)}{_END}", str(w.value)) for n, w in stage.roles.items()]  # fmt: skip


def _replacing(pattern: str, by: str) -> Rewrite:
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(by, text)


def _rewritten(resource: Resource, rewrites: list[Rewrite], stage: Stage) -> Resource:
    request = _map(resource.request, rewrites)
    if "Bucket" in request and request["Bucket"] in stage.buckets:
        request["Bucket"] = str(stage.buckets[request["Bucket"]].value)
    if resource.kind in ("jobs", "crawlers") and request["Role"] in stage.roles:
        request["Role"] = str(stage.roles[request["Role"]].value)
    if "EventPattern" in request:
        request["EventPattern"] = _matching_buckets(request["EventPattern"], stage)
    return replace(resource, request=request, name=KINDS[resource.kind].name_of(request))


def _matching_buckets(pattern: str, stage: Stage) -> str:
    """Replace bucket names in a rule's pattern, where S3's events have them without prefix: detail.bucket.name."""
    document = json.loads(pattern)
    names = bucket_names(document)
    if not names:
        return pattern
    known = {name: str(written.value) for name, written in stage.buckets.items()}
    names[:] = [known.get(name, name) if isinstance(name, str) else name for name in names]
    return json.dumps(document)


def _map(value: Any, rewrites: list[Rewrite]) -> Any:
    if isinstance(value, dict):
        return {key: _map(member, rewrites) for key, member in value.items()}
    if isinstance(value, list):
        return [_map(element, rewrites) for element in value]
    if isinstance(value, str):
        for rewrite in rewrites:
            value = rewrite(value)
    return value


def _content_addressed(resources: list[Resource]) -> list[Resource]:
    """Move every script to a key that contains its SHA-256, and update references to it."""
    moved = {each.name: _hashed(each) for each in resources if each.kind == "scripts"}
    pointers = [_replacing(rf"{re.escape(name)}{_END}", each.name) for name, each in moved.items()]
    return [
        moved[each.name] if each.kind == "scripts" else replace(each, request=_map(each.request, pointers))
        for each in resources
    ]


def _hashed(script: Resource) -> Resource:
    folder, _, name = script.request["Key"].rpartition("/")
    key = "/".join(filter(None, (folder, digest(script.request["Body"]), name)))
    location = f"s3://{script.request['Bucket']}/{key}"
    return replace(script, name=location, request={**script.request, "Key": key, "Destination": location})


def _tagged(resource: Resource, tags: dict[str, str]) -> Resource:
    kind = KINDS[resource.kind]
    if kind.tagging is None:
        return resource
    return replace(resource, tags={**given(resource.request), **tags})


def _in_order(resources: list[Resource]) -> list[Resource]:
    order = list(KINDS)
    return sorted(resources, key=lambda each: order.index(each.kind))
