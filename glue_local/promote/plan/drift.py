"""Detect drift: changes made outside promotions since the last one."""

from collections.abc import Collection, Iterator
from typing import Any

from glue_local.promote.apply.records import Pointer, Record
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.plan.differences import drifted
from glue_local.promote.plan.foreign_policies import changed, extras_of

_Change = dict[str, Any]


def drift_of(account: Account, record: Record, pointer: Pointer, marks: Collection[str]) -> list[dict[str, Any]]:
    """Return [{kind, name, what, changes: [{path, was, is}]}] for the promoted resources that have changed.

    ``marks`` are the tags that tables store as parameters, because tables cannot be tagged.
    """
    drift = []
    for resource in record.resources:
        kind, request = KINDS[resource["kind"]], resource["request"]
        there = kind.read(account, request)
        if there is None:
            drift.append(
                {"kind": resource["kind"], "name": resource["name"], "what": "no longer exists", "changes": []}
            )
            continue
        recorded = record.attributes.get(_key(resource), {})
        # drifted returns the recorded value as ``after``.
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
    """Yield the promoted tags that are missing or changed; tags added by others are ignored."""
    tagging = KINDS[resource["kind"]].tagging
    if tagging is None:
        return
    there = tagging.read(account, resource["request"])
    for name, was in resource["tags"].items():
        if (resource["kind"] != "tables" or name in marks) and there.get(name) != was:
            yield {"path": ("tags", name), "was": was, "is": there.get(name)}


def _extras(account: Account, role: dict[str, Any], record: Record, pointer: Pointer) -> Iterator[_Change]:
    """Yield policies on a role that others added, removed or changed; our own policies are separate resources."""
    found, before = extras_of(account, role["name"], pointer.known), record.extras.get(_key(role), {})
    for kind, name, was, now in changed(found, before):
        yield {"path": (kind, name), "was": was, "is": now}
