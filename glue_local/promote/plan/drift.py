"""Drift: what is not as the last promotion left it, so somebody changed it by hand."""

from collections.abc import Collection, Iterator
from typing import Any

from glue_local.promote.differences import drifted
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.records import Pointer, Record
from glue_local.promote.role_extras import changed, extras_of

_Change = dict[str, Any]


def drift_of(account: Account, record: Record, pointer: Pointer, marks: Collection[str]) -> list[dict[str, Any]]:
    """Return [{kind, name, what, changes: [{path, was, is}]}] of the promotion's resources that differ.

    ``marks`` are the tags that tables carry, which cannot be tagged.
    """
    drift = []
    for resource in record.resources:
        kind, request = KINDS[resource["kind"]], resource["request"]
        there = kind.read(account, request)
        if there is None:
            drift.append({"kind": resource["kind"], "name": resource["name"], "what": "is gone", "changes": []})
            continue
        recorded = record.attributes.get(_key(resource), {})
        # drifted tells how to go back: its after is what was.
        changes = [{"path": c.path, "was": c.after, "is": c.before} for c in drifted(kind, recorded, request, there)]
        changes += _tags(account, resource, marks)
        if resource["kind"] == "roles":
            changes += _extras(account, resource, record, pointer)
        if changes:
            drift.append({"kind": resource["kind"], "name": resource["name"], "what": "changed", "changes": changes})
    return drift


def _key(resource: dict[str, Any]) -> str:
    return f"{resource['kind']}/{resource['name']}"


def _tags(account: Account, resource: dict[str, Any], marks: Collection[str]) -> Iterator[_Change]:
    """Yield the tags of a promotion that are gone or say something else; those that others put beside them are theirs."""
    tagging = KINDS[resource["kind"]].tagging
    if tagging is None:
        return
    there = tagging.read(account, resource["request"])
    for name, was in resource["tags"].items():
        if (resource["kind"] != "tables" or name in marks) and there.get(name) != was:
            yield {"path": ("tags", name), "was": was, "is": there.get(name)}


def _extras(account: Account, role: dict[str, Any], record: Record, pointer: Pointer) -> Iterator[_Change]:
    """Yield the policies that somebody else gave to, took from or changed on a role; ours are resources of their own."""
    found, before = extras_of(account, role["name"], pointer.known), record.extras.get(_key(role), {})
    for kind, name, was, now in changed(found, before):
        yield {"path": (kind, name), "was": was, "is": now}
