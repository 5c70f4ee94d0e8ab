"""The stages in ``glue-local.yaml``: how an AWS account differs from the local definitions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from glue_local.promote.aws_partitions import partition_of
from glue_local.promote.definition.document import Place, Written

LOCAL_ACCOUNT = "000000000000"
OVERRIDABLE = (
    *("streams", "tables", "databases", "delivery_streams", "jobs", "crawlers", "workflows", "triggers"),
    *("state_machines", "rules"),
)
"""Kinds whose members a stage may override, by the resource's local name."""

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_KEYS = (
    *("account", "region", "profile", "variables", "tags", "buckets", "roles", "existing", "schedules"),
    *OVERRIDABLE,
)


@dataclass(frozen=True)
class Stage:
    """One stage: its account and region, and how its resources differ from the local ones."""

    name: str
    written: Written
    account: str
    region: str
    profile: str | None = None
    variables: Mapping[str, Written] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    buckets: Mapping[str, Written] = field(default_factory=dict)
    """Bucket names in this stage, by local name."""
    roles: Mapping[str, Written] = field(default_factory=dict)
    """ARNs of existing roles, by the local name of the role each replaces."""
    existing: Mapping[str, tuple[Written, ...]] = field(default_factory=dict)
    """Existing resources by kind, used without changes."""
    schedules: Mapping[str, Written] | bool = field(default_factory=dict)
    """Whether each schedule, or all of them, are enabled."""
    overrides: Mapping[str, Mapping[str, Written]] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Its position in the file."""
        return self.written.place

    def place_of(self, key: str) -> Place:
        """Return the position of one of its keys."""
        return self.written.place_of(key)


def stage(stages: Written | None, name: str, file: Path) -> Stage:
    """Return the stage ``name``; raises DefinitionError if it does not exist or is invalid."""
    written = dict(stages.items()) if stages and stages.value else {}
    if stages is None or name not in written:
        place = stages.place if stages else Place(file, 1)
        raise place.error(f"stages: {name} is not defined: choose one of {', '.join(written) or '(none)'}")
    members = dict(written[name].items())
    for key in members:
        if key not in _KEYS:
            raise written[name].place_of(key).error(f"unknown key {key} of a stage: choose one of {', '.join(_KEYS)}")
    for key in ("account", "region"):
        if key not in members:
            raise stages.place_of(name).error(f"the stage {name} has no {key}")
    return _stage(name, written[name], members)


def _stage(name: str, written: Written, members: Mapping[str, Written]) -> Stage:
    return Stage(
        name=name,
        written=written,
        account=_account(members["account"]),
        region=_region(members["region"]),
        profile=_text(members["profile"]) if "profile" in members else None,
        variables=_named(members.get("variables")),
        tags={key: _text(value) for key, value in _named(members.get("tags")).items()},
        buckets=_checked(members.get("buckets"), _BUCKET, "a bucket's name"),
        roles=_roles(members.get("roles"), str(members["account"].value)),
        existing={key: tuple(names.elements()) for key, names in _named(members.get("existing")).items()},
        schedules=_schedules(members.get("schedules")),
        overrides={kind: _named(members[kind]) for kind in OVERRIDABLE if kind in members},
    )


def _named(written: Written | None) -> dict[str, Written]:
    return dict(written.items()) if written is not None and written.value is not None else {}


def _checked(written: Written | None, pattern: re.Pattern[str], what: str) -> dict[str, Written]:
    named = _named(written)
    for value in named.values():
        _matching(value, pattern, what)
    return named


def _roles(written: Written | None, account: str) -> dict[str, Written]:
    roles = _named(written)
    for value in roles.values():
        if "*" in str(value.value):
            raise value.place.error(f"{value.value} matches several roles: write the ARN of one role, without *")
        _matching(value, _ROLE, "the ARN of a role (arn:aws:iam::<account>:role/<name>)")
        if str(value.value).split(":")[4] != account:
            # iam:PassRole works within one account only.
            raise value.place.error(f"{value.value} is a role in another account; the stage is in {account}")
    return roles


def _text(written: Written) -> str:
    if not isinstance(written.value, str):
        raise written.place.error(f"expected a string, not {written.value!r}")
    return written.value


def _matching(written: Written, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.fullmatch(str(written.value)):
        raise written.place.error(f"expected {what}, not {written.value!r}")
    return str(written.value)


def _region(written: Written) -> str:
    region = _matching(written, _REGION, "a region, such as eu-west-1")
    try:
        partition_of(region)
    except ValueError as error:
        raise written.place.error(f"expected a region, such as eu-west-1: {error}") from None
    return region


def _account(written: Written) -> str:
    # Without quotes, YAML parses a number, and 0123... as octal.
    if not isinstance(written.value, str) or not re.fullmatch(r"\d{12}", written.value):
        raise written.place.error(f'an account must be twelve digits in quotes ("111122223333"), not {written.value!r}')
    if written.value == LOCAL_ACCOUNT:
        raise written.place.error(f"the account {LOCAL_ACCOUNT} is glue-local's, not an AWS account")
    return written.value


def _schedules(written: Written | None) -> Mapping[str, Written] | bool:
    if written is None:
        return {}
    if isinstance(written.value, bool):
        return written.value
    named = _named(written)
    for value in named.values():
        if not isinstance(value.value, bool):
            raise value.place.error(f"a schedule must be on or off, not {value.value!r}")
    return named
