"""Members of a definition that a promotion would make and never look at again: they are refused."""

from glue_local.promote.kinds import KINDS
from glue_local.promote.overlay import Staged


def unpromoted(wanted: Staged) -> list[str]:
    """Return each member that is not planned, applied and read back, with its resource and place; exports may say it."""
    return [
        f"{each.place}: {each.singular} {each.name}: promotion does not compare {member}, so it would never tell of a"
        " change to it: leave it out and set it there by hand, or export a template instead"
        for each in wanted.resources
        if each.kind != "scripts"
        for member in each.request
        if member not in KINDS[each.kind].promoted
    ]
