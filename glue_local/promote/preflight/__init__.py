"""What AWS would refuse, or fail on later, found before anything is touched: the rules, read top to bottom."""

from collections.abc import Callable, Iterator

from glue_local.promote.overlay import Staged
from glue_local.promote.preflight import jobs, machines, roles, scripts
from glue_local.promote.preflight.finding import Finding

Rule = Callable[[Staged], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    machines.definitions_are_sound,
    machines.jobs_are_started_by_name,
    machines.reserved_arguments_are_left,
    roles.policies_fit_into_their_role,
    jobs.versions_are_known,
    jobs.capacity_suits_the_command,
    jobs.worker_types_suit_the_version,
    jobs.flexible_execution_suits,
    jobs.limits_are_kept,
    jobs.reserved_arguments_are_left,
    jobs.arguments_suit_the_command,
    scripts.scripts_are_ours,
    scripts.scripts_are_python,
    scripts.imports_are_there,
    scripts.bookmarks_are_committed,
    scripts.nothing_local_is_used,
    scripts.our_awsglue_is_not_leaned_on,
    scripts.buckets_are_not_written_out,
)


def preflight(wanted: Staged) -> list[str]:
    """Return every finding of every rule, each naming its file and line."""
    return [f"{found.place}: {found.message}" for rule in RULES for found in rule(wanted)]
