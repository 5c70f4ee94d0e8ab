"""A plan: what would have to change for an account to be as it is wanted; nothing is changed by making one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from glue_local.promote.desired import Resource
from glue_local.promote.differences import Change, differences, drifted, left_out, specified, with_value
from glue_local.promote.kinds import KINDS, Account, Found
from glue_local.promote.records import Pointer, Record, Records, digest_of, noted
from glue_local.promote.role_extras import changed, extras_of

CREATE, UPDATE, DELETE = "create", "update", "delete"
PROMOTION = "promotion"


@dataclass(frozen=True)
class Step:
    """One resource that is to change, and how."""

    action: str
    resource: Resource
    changes: list[Change]


@dataclass(frozen=True)
class Plan:
    """The steps, in the order in which they are taken, and what speaks against taking them."""

    project: str
    stage: str
    account: str
    region: str
    steps: list[Step]
    resources: list[Resource]
    pointer: Pointer
    moves: tuple[int, int] | None
    """From which promotion to which the pointer moves; None where it stays."""
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tested: dict[str, Any] = field(default_factory=dict)
    """By job, the local run that tested its script; None where there is none."""
    gone: list[str] = field(default_factory=list)
    """What earlier promotions made, nobody wants any more, and is not there: deleted before, by a plan or by hand."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.steps and self.moves is None


@dataclass(frozen=True)
class Wanted:
    """What an account is to be: resources, those only used, the marks of ownership, and what may be deleted."""

    project: str
    stage: str
    resources: list[Resource]
    used: list[Resource]
    marks: dict[str, str]
    prune: bool = False
    promotion: int | None = None
    """The number of the earlier promotion that this is, for a roll-back."""


def make_plan(account: Account, wanted: Wanted, records: Records) -> Plan:
    """Read an account and return what has to change in it."""
    pointer = records.pointer()
    record = records.record(pointer.number)
    look = _Look(account, wanted, record)
    if pointer.number and record is None:
        look.notes.append(f"{records.where(pointer.number)} is gone: what was changed by hand since is not known")
    steps = [step for resource in wanted.resources if (step := look.step(resource))]
    for resource in wanted.used:
        if KINDS[resource.kind].read(account, resource.request) is None:
            look.refused.append(f"{resource.kind} {resource.name} is said to exist, and does not ({resource.place})")
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
    same = record is not None and record.digest == digest_of(noted(wanted.resources))
    return None if same else (pointer.number, pointer.latest + 1)


class _Look:
    """One reading of an account, with what it found to refuse."""

    def __init__(self, account: Account, wanted: Wanted, record: Record | None) -> None:
        self._account, self._marks, self._record = account, wanted.marks, record
        self._ours: set[str] = set()
        self._there: set[str] = set()
        self.refused: list[str] = []
        self.notes: list[str] = []
        self.gone: list[str] = []

    def step(self, resource: Resource) -> Step | None:
        """Return what has to be done of a resource, None if nothing or if it is not ours to touch."""
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
                    f"{resource.kind} {resource.name}: AWS does not change {change.where} in place;"
                    f" delete it there, or give it another name ({resource.place})"
                )
        changes += [
            Change(("tags", k), tags.get(k), v) for k, v in self._wanted_tags(resource).items() if tags.get(k) != v
        ]
        return Step(UPDATE, resource, changes) if changes else None

    def superfluous(self, pointer: Pointer, wanted: Wanted) -> list[Step]:
        """Return the deletions of what earlier promotions made and nobody wants any more; without prune, note it."""
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
                    f"{resource.kind} {resource.name} is not defined any more; it may hold data and stays"
                )
            elif not self._marks.items() <= tags.items():
                self.notes.append(f"{resource.kind} {resource.name} is not defined any more and not ours; it stays")
            elif wanted.prune and (held := self._held(resource, steps)):
                self.notes.append(f"{resource.kind} {resource.name} is not defined any more and holds {held}; it stays")
            elif wanted.prune:
                steps.append(Step(DELETE, resource, []))
            else:
                self.notes.append(f"{resource.kind} {resource.name} is not defined any more; --prune deletes it")
        return steps

    def extras(self, pointer: Pointer, wanted: Wanted) -> None:
        """Note the policies that others gave to roles of ours; a promotion takes none of them away."""
        known = {*pointer.known, *(each.key for each in wanted.resources)}
        for role in (each for each in wanted.resources if each.kind == "roles" and each.key in self._there):
            before = self._record.extras.get(role.key, {}) if self._record else {}
            for kind, name, was, now in changed(extras_of(self._account, role.name, known), before):
                said = "attached" if kind == "ManagedPolicies" else "as an inline policy"
                if was is None:
                    self.notes.append(f"role {role.name} has {name} {said}, which no definition gives it; it stays")
                elif now is not None:
                    self.notes.append(f"role {role.name} has {name} {said}, whose text was changed by hand; it stays")

    def _held(self, resource: Resource, deletions: list[Step]) -> str:
        contents = KINDS[resource.kind].contents
        deleted = {step.resource.key for step in deletions}
        return ", ".join(
            key for key in (contents(self._account, resource.request) if contents else []) if key not in deleted
        )

    def _wanted_tags(self, resource: Resource) -> dict[str, str]:
        # Tables carry only the marks.
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
            f"{resource.kind} {resource.name} exists in account {self._account.id} without the tags {marks}:"
            f" it is not this stage's to change. Tag it so to adopt it, or name it otherwise ({resource.place})"
        )

    def _left_out(self, resource: Resource, there: Found) -> list[Change]:
        """Return what the current promotion set and this one does not name: it goes back to AWS's default."""
        if self._record is None:
            return []
        kind = KINDS[resource.kind]
        return left_out(kind, self._record.request_of(resource.key), resource.request, there)

    def _removable(self, resource: Resource, changes: list[Change]) -> list[Change]:
        """Return the removals that an update can make; the others are noted."""
        kept = KINDS[resource.kind].kept
        stay = [change for change in changes if change.path[0] in kept and change.after is None]
        self.notes += [
            f"{resource.kind} {resource.name}: {change.where} is not defined (any more); AWS keeps what an update leaves"
            " out, so it stays as it is"
            for change in stay
        ]
        return [change for change in changes if change not in stay]

    def _by_hand(self, resource: Resource, there: Found) -> list[Change]:
        """Return what was changed that neither this promotion nor the current one says anything of."""
        if self._record is None or resource.key not in self._record.attributes:
            return []
        kind = KINDS[resource.kind]
        promoted = self._record.request_of(resource.key)
        said = [kind.comparable(each) for each in (resource.request, promoted)]
        changed = drifted(kind, self._record.attributes[resource.key], promoted, there)
        return [change for change in changed if not any(specified(change.path, request) for request in said)]


def _restoring(resource: Resource, changes: Iterable[Change]) -> Resource:
    request = resource.request
    for change in changes:
        request = with_value(request, change.path, change.after)
    return Resource(resource.kind, resource.name, request, resource.place, resource.tags)


def _removed(changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.after is None]
