"""AWS Glue: one module per resource noun, one function per operation."""

from types import ModuleType

from glue_local.services.glue import scripts, tags
from glue_local.services.glue.catalog import (
    column_statistics,
    connections,
    databases,
    partition_indexes,
    partitions,
    table_search,
    table_versions,
    tables,
    user_defined_functions,
)
from glue_local.services.glue.catalog.events import emit_changes as AFTER
from glue_local.services.glue.crawlers import classifiers, crawler_schedules, crawlers, crawls
from glue_local.services.glue.fault_codes import FAULT_CODES
from glue_local.services.glue.jobs import bookmarks, job_runs, jobs, security_configurations, usage_profiles
from glue_local.services.glue.orchestration import triggers, workflow_runs, workflows
from glue_local.services.glue.parameters import ACCEPTED, NOT_EMULATED
from glue_local.services.parameters import refuse

NOUNS: tuple[ModuleType, ...] = (
    databases,
    tables,
    table_versions,
    partitions,
    partition_indexes,
    column_statistics,
    table_search,
    user_defined_functions,
    tags,
    jobs,
    job_runs,
    bookmarks,
    usage_profiles,
    security_configurations,
    triggers,
    workflows,
    workflow_runs,
    connections,
    classifiers,
    crawlers,
    crawler_schedules,
    crawls,
    scripts,
)

CHECK = refuse(NOT_EMULATED)

__all__ = ["ACCEPTED", "AFTER", "CHECK", "FAULT_CODES", "NOT_EMULATED", "NOUNS"]
