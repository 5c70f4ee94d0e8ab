"""Policies on this project's roles that no definition put there: managed ones attached, inline ones written beside ours."""

from collections.abc import Collection

from glue_local.promote.kinds import Account
from glue_local.promote.kinds.roles import attached, inline

Extras = dict[str, list[str]]


def extras_of(account: Account, role: str, ours: Collection[str]) -> Extras:
    """Return what a role is allowed by besides ``ours``, the keys of the policies that promotions wrote or write."""
    return {
        "ManagedPolicies": attached(account, role),
        "InlinePolicies": [name for name in inline(account, role) if f"role_policies/{role}.{name}" not in ours],
    }


def accepted(found: Extras, before: Extras | None) -> Extras:
    """Return what a promotion leaves as it is: all that a role had when it was adopted, and nothing that came since."""
    if before is None:
        return found
    return {kind: [name for name in names if name in before.get(kind, [])] for kind, names in found.items()}


def added(found: Extras, before: Extras) -> list[tuple[str, str]]:
    """Return (kind, name) of what came since a promotion."""
    return [(kind, name) for kind, names in found.items() for name in names if name not in before.get(kind, [])]


def taken(found: Extras, before: Extras) -> list[tuple[str, str]]:
    """Return (kind, name) of what was there at a promotion, and is not any more."""
    return added(before, found)
