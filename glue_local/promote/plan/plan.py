"""Make a plan: the changes that bring an account to its desired state. Planning changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from glue_local.promote.apply.records import Pointer, Record, Records, digest_of, resource_documents
from glue_local.promote.definition.desired import Resource
from glue_local.promote.kinds import KINDS, Account, Found
from glue_local.promote.plan.differences import Change, differences, drifted, removed_attributes, specified, with_value
from glue_local.promote.plan.foreign_policies import changed, extras_of

CREATE, UPDATE, DELETE = "create", "update", "delete"


@dataclass(frozen=True)
class Step:
    """The change of one resource."""

    action: str
    resource: Resource
    changes: list[Change]


@dataclass(frozen=True)
class Plan:
    """The steps in order, and the reasons to refuse them."""

    project: str
    stage: str
    account: str
    region: str
    steps: list[Step]
    resources: list[Resource]
    pointer: Pointer
    moves: tuple[int, int] | None
    """The current and the new promotion number, or None if it does not change."""
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tested: dict[str, Any] = field(default_factory=dict)
    """The local run that tested each job's script, or None, by job name."""
    gone: list[str] = field(default_factory=list)
    """Resources of earlier promotions that are no longer defined and no longer exist."""

    @property
    def empty(self) -> bool:
        """Whether the plan changes nothing."""
        return not self.steps and self.moves is None


@dataclass(frozen=True)
class Wanted:
    """The desired state: resources, existing ones that are used, ownership tags, and whether to delete others."""

    project: str
    stage: str
    resources: list[Resource]
    used: list[Resource]
    marks: dict[str, str]
    prune: bool = False
    promotion: int | None = None
    """For a rollback, the number of the promotion to return to."""


def make_plan(account: Account, wanted: Wanted, records: Records) -> Plan:
    """Read an account and return the plan for it."""
    pointer = records.pointer()
    record = records.record(pointer.number)
    look = _Look(account, wanted, record)
    if pointer.number and record is None:
        look.notes.append(
            f"{records.where(pointer.number)} no longer exists: changes since the last promotion are unknown"
        )
    steps = [step for resource in wanted.resources if (step := look.step(resource))]
    for resource in wanted.used:
        if KINDS[resource.kind].read(account, resource.request) is None:
            look.refused.append(
                f"{resource.kind} {resource.name} is listed under existing: but does not exist ({resource.place})"
            )
    steps += look.superfluous(pointer, wanted)
    look.extras(pointer, wanted)
    return Plan(
        project=wanted.project,
        stage=wanted.stage,
        account=account.id,
        region=account.region,
        steps=steps,
        resources=wanted.resources,
        pointer=pointer,
        moves=_moves(pointer, record, wanted),
        refused=look.refused,
        notes=look.notes,
        gone=look.gone,
    )


def _moves(pointer: Pointer, record: Record | None, wanted: Wanted) -> tuple[int, int] | None:
    if wanted.promotion is not None:
        return None if wanted.promotion == pointer.number else (pointer.number, wanted.promotion)
    same = record is not None and record.digest == digest_of(resource_documents(wanted.resources))
    return None if same else (pointer.number, pointer.latest + 1)


class _Look:
    """A comparison of an account with its desired state, and the reasons to refuse the plan."""

    def __init__(self, account: Account, wanted: Wanted, record: Record | None) -> None:
        self._account, self._marks, self._record = account, wanted.marks, record
        self._ours: set[str] = set()
        self._there: set[str] = set()
        self.refused: list[str] = []
        self.notes: list[str] = []
        self.gone: list[str] = []

    def step(self, resource: Resource) -> Step | None:
        """Return the step for a resource, or None if it needs no change or is not ours."""
        kind = KINDS[resource.kind]
        there = kind.read(self._account, resource.request)
        if there is None:
            self._ours.add(resource.key)
            wanted = kind.comparable(resource.request)
            return Step(CREATE, resource, [Change((key,), None, value) for key, value in wanted.items()])
        tags = kind.tagging.read(self._account, resource.request) if kind.tagging else {}
        if not self._is_ours(resource, tags):
            self._refuse(resource)
            return None
        self._ours.add(resource.key)
        self._there.add(resource.key)
        restored = self._by_hand(resource, there)
        resource = _restoring(resource, restored)
        changes = differences(kind, resource.request, there)
        known = {change.path for change in changes}
        removed = [*_removed(restored), *self._left_out(resource, there)]
        changes += [change for change in self._removable(resource, removed) if change.path not in known]
        for change in changes:
            if change.path[0] in kind.immutable:
                self.refused.append(
                    f"{resource.kind} {resource.name}: AWS cannot change {change.where} in place:"
                    f" delete the resource, or rename it ({resource.place})"
                )
        changes += [
            Change(("tags", k), tags.get(k), v) for k, v in self._wanted_tags(resource).items() if tags.get(k) != v
        ]
        return Step(UPDATE, resource, changes) if changes else None

    def superfluous(self, pointer: Pointer, wanted: Wanted) -> list[Step]:
        """Return deletions of resources that are no longer defined, or without ``prune`` note them."""
        named = {each.key for each in (*wanted.resources, *wanted.used)}
        left = [Resource(**known, place=None) for key, known in pointer.known.items() if key not in named]  # type: ignore[arg-type]
        steps: list[Step] = []
        for resource in sorted(left, key=lambda each: list(KINDS).index(each.kind), reverse=True):
            kind = KINDS[resource.kind]
            if resource.kind == "scripts":
                continue
            if kind.read(self._account, resource.request) is None:
                self.gone.append(resource.key)
                continue
            tags = kind.tagging.read(self._account, resource.request) if kind.tagging else self._marks
            if kind.delete is None:
                self.notes.append(
                    f"{resource.kind} {resource.name} is no longer defined; it is kept because it may contain data"
                )
            elif not self._marks.items() <= tags.items():
                self.notes.append(
                    f"{resource.kind} {resource.name} is no longer defined; it is kept because it is not ours"
                )
            elif wanted.prune and (held := self._held(resource, steps)):
                self.notes.append(
                    f"{resource.kind} {resource.name} is no longer defined; it is kept because it contains {held}"
                )
            elif wanted.prune:
                steps.append(Step(DELETE, resource, []))
            else:
                self.notes.append(f"{resource.kind} {resource.name} is no longer defined; --prune deletes it")
        return steps

    def extras(self, pointer: Pointer, wanted: Wanted) -> None:
        """Note the policies that others added to our roles; a promotion keeps them."""
        known = {*pointer.known, *(each.key for each in wanted.resources)}
        for role in (each for each in wanted.resources if each.kind == "roles" and each.key in self._there):
            before = self._record.extras.get(role.key, {}) if self._record else {}
            for kind, name, was, now in changed(extras_of(self._account, role.name, known), before):
                policy = "managed policy" if kind == "ManagedPolicies" else "inline policy"
                if was is None:
                    self.notes.append(
                        f"role {role.name} has the {policy} {name}, which is not in the definitions; it is kept"
                    )
                elif now is not None:
                    self.notes.append(
                        f"role {role.name} has the {policy} {name}, which was changed outside promotions; it is kept"
                    )

    def _held(self, resource: Resource, deletions: list[Step]) -> str:
        contents = KINDS[resource.kind].contents
        deleted = {step.resource.key for step in deletions}
        return ", ".join(
            key for key in (contents(self._account, resource.request) if contents else []) if key not in deleted
        )

    def _wanted_tags(self, resource: Resource) -> dict[str, str]:
        # Tables store only the ownership tags.
        return {k: v for k, v in resource.tags.items() if resource.kind != "tables" or k in self._marks}

    def _is_ours(self, resource: Resource, tags: dict[str, str]) -> bool:
        kind = KINDS[resource.kind]
        if kind.owner:
            owner, member = kind.owner
            return f"{owner}/{resource.request[member]}" in self._ours
        return kind.tagging is None or self._marks.items() <= tags.items()

    def _refuse(self, resource: Resource) -> None:
        marks = ", ".join(f"{key}={value}" for key, value in self._marks.items())
        self.refused.append(
            f"{resource.kind} {resource.name} already exists in account {self._account.id} without the tags {marks},"
            f" so it does not belong to this stage: add the tags to adopt it, or rename yours ({resource.place})"
        )

    def _left_out(self, resource: Resource, there: Found) -> list[Change]:
        """Return attributes that the current promotion set and this one does not: they return to AWS's default."""
        if self._record is None:
            return []
        kind = KINDS[resource.kind]
        return removed_attributes(kind, self._record.request_of(resource.key), resource.request, there)

    def _removable(self, resource: Resource, changes: list[Change]) -> list[Change]:
        """Return the removals that an update can make, and note the others."""
        kept = KINDS[resource.kind].kept
        stay = [change for change in changes if change.path[0] in kept and change.after is None]
        self.notes += [
            f"{resource.kind} {resource.name}: {change.where} is not defined, but an update on AWS cannot remove"
            " it; it is kept"
            for change in stay
        ]
        return [change for change in changes if change not in stay]

    def _by_hand(self, resource: Resource, there: Found) -> list[Change]:
        """Return changed attributes that neither this promotion nor the current one sets."""
        if self._record is None or resource.key not in self._record.attributes:
            return []
        kind = KINDS[resource.kind]
        promoted = self._record.request_of(resource.key)
        requests = [kind.comparable(each) for each in (resource.request, promoted)]
        changed = drifted(kind, self._record.attributes[resource.key], promoted, there)
        return [change for change in changed if not any(specified(change.path, request) for request in requests)]


def _restoring(resource: Resource, changes: Iterable[Change]) -> Resource:
    request = resource.request
    for change in changes:
        request = with_value(request, change.path, change.after)
    return Resource(resource.kind, resource.name, request, resource.place, resource.tags)


def _removed(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.after is None]
