"""Preflight: find what AWS would refuse or fail on before anything is changed. The rules are listed in order."""

from collections.abc import Callable, Iterator

from glue_local.promote.checks import events, jobs, machines, roles, scripts
from glue_local.promote.checks.finding import Finding
from glue_local.promote.definition.overlay import Staged

Rule = Callable[[Staged], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    machines.definitions_are_valid,
    machines.started_jobs_exist,
    machines.started_crawlers_exist,
    machines.no_reserved_arguments,
    roles.inline_policies_fit,
    events.roles_trust_the_service,
    events.rules_have_a_pattern_or_schedule,
    events.buckets_send_their_events,
    events.notified_buckets_are_ours,
    events.notified_workflows_have_an_event_trigger,
    events.crawlers_have_targets,
    jobs.versions_are_supported,
    jobs.capacity_matches_the_command,
    jobs.worker_types_match_the_version,
    jobs.flex_is_supported,
    jobs.limits_are_respected,
    jobs.no_reserved_arguments,
    jobs.arguments_match_the_command,
    scripts.files_are_uploaded,
    scripts.scripts_compile,
    scripts.imports_are_available,
    scripts.bookmarks_are_committed,
    scripts.nothing_local_is_used,
    scripts.only_documented_awsglue_is_used,
    scripts.buckets_are_not_hard_coded,
)


def preflight(wanted: Staged) -> list[str]:
    """Return the findings of all rules, each with file and line."""
    return [f"{found.place}: {found.message}" for rule in RULES for found in rule(wanted)]
