"""Policies on this project's roles that are not in the definitions: attached managed policies and other inline ones."""

from collections.abc import Collection, Iterator

from glue_local.promote.kinds import Account
from glue_local.promote.kinds.roles import attached, inline, inline_digest

Extras = dict[str, dict[str, str]]
"""Policy names by kind, with a digest of the document for inline policies; managed policies have no digest."""

Change = tuple[str, str, str | None, str | None]


def extras_of(account: Account, role: str, ours: Collection[str]) -> Extras:
    """Return a role's policies other than ``ours``, the keys of the policies that promotions manage."""
    others = [name for name in inline(account, role) if f"role_policies/{role}.{name}" not in ours]
    return {
        "ManagedPolicies": dict.fromkeys(attached(account, role), ""),
        "InlinePolicies": {name: inline_digest(account, role, name) for name in others},
    }


def accepted(found: Extras, before: Extras | None) -> Extras:
    """Return the policies a promotion accepts: those the role had when it was adopted, not those added since."""
    if before is None:
        return found
    kept = {kind: before.get(kind, {}) for kind in found}
    return {kind: {name: kept[kind][name] for name in names if name in kept[kind]} for kind, names in found.items()}


def changed(found: Extras, before: Extras) -> Iterator[Change]:
    """Yield (kind, name, was, is) for each policy added, removed or changed since a promotion."""
    for kind, names in found.items():
        old = before.get(kind, {})
        for name in dict.fromkeys((*names, *old)):
            if name not in old:
                yield kind, name, None, "there"
            elif name not in names:
                yield kind, name, "there", None
            elif names[name] != old[name]:
                yield kind, name, old[name], names[name]
