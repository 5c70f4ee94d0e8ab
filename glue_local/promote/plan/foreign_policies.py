"""Policies on this project's roles that no definition put there: managed ones attached, inline ones written beside ours."""

from collections.abc import Collection, Iterator

from glue_local.promote.kinds import Account
from glue_local.promote.kinds.roles import attached, inline, inline_digest

Extras = dict[str, dict[str, str]]
"""By kind, the policies' names, and of inline ones what they say as a digest: managed ones are their own account's to change."""

Change = tuple[str, str, str | None, str | None]


def extras_of(account: Account, role: str, ours: Collection[str]) -> Extras:
    """Return what a role is allowed by besides ``ours``, the keys of the policies that promotions wrote or write."""
    others = [name for name in inline(account, role) if f"role_policies/{role}.{name}" not in ours]
    return {
        "ManagedPolicies": dict.fromkeys(attached(account, role), ""),
        "InlinePolicies": {name: inline_digest(account, role, name) for name in others},
    }


def accepted(found: Extras, before: Extras | None) -> Extras:
    """Return what a promotion leaves as it is: all that a role had when it was adopted, and nothing that came since."""
    if before is None:
        return found
    kept = {kind: before.get(kind, {}) for kind in found}
    return {kind: {name: kept[kind][name] for name in names if name in kept[kind]} for kind, names in found.items()}


def changed(found: Extras, before: Extras) -> Iterator[Change]:
    """Yield (kind, name, was, is) of what came, went or says something else since a promotion."""
    for kind, names in found.items():
        old = before.get(kind, {})
        for name in dict.fromkeys((*names, *old)):
            if name not in old:
                yield kind, name, None, "there"
            elif name not in names:
                yield kind, name, "there", None
            elif names[name] != old[name]:
                yield kind, name, old[name], names[name]
