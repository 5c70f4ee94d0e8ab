"""Refuse members of a definition that a promotion would create but never compare again."""

from glue_local.promote.definition.overlay import Staged
from glue_local.promote.kinds import KINDS


def unsupported_members(wanted: Staged) -> list[str]:
    """Return an error for each member that promotions do not plan, apply and read back; exports support more."""
    return [
        f"{each.place}: {each.singular} {each.name}: promotions do not support {member}, because they cannot detect"
        " changes to it: remove it and set it manually, or export a template instead"
        for each in wanted.resources
        if each.kind != "scripts"
        for member in each.request
        if member not in KINDS[each.kind].promoted
    ]
