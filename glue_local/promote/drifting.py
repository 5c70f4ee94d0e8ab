"""Drift: what is not as the last promotion left it, so somebody changed it by hand."""

from typing import Any

from glue_local.promote.differences import drifted
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.records import Record


def drift_of(account: Account, record: Record, marks: dict[str, str]) -> list[dict[str, Any]]:
    """Return [{kind, name, what, changes: [{path, was, is}]}] of the promotion's resources that differ."""
    drift = []
    for resource in record.resources:
        kind, request = KINDS[resource["kind"]], resource["request"]
        there = kind.read(account, request)
        key = f"{resource['kind']}/{resource['name']}"
        if there is None:
            drift.append({"kind": resource["kind"], "name": resource["name"], "what": "is gone", "changes": []})
            continue
        recorded = record.attributes.get(key, {})
        # drifted tells how to go back: its after is what was.
        changes = [{"path": c.path, "was": c.after, "is": c.before} for c in drifted(kind, recorded, request, there)]
        tags = kind.tagging.read(account, request) if kind.tagging else marks
        changes += [{"path": ("tags", k), "was": v, "is": tags.get(k)} for k, v in marks.items() if tags.get(k) != v]
        if changes:
            drift.append({"kind": resource["kind"], "name": resource["name"], "what": "changed", "changes": changes})
    return drift
