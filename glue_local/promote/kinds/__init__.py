"""The kinds of resources in ``glue-local.yaml``, in the order of their creation."""

from glue_local.promote.kinds import (
    buckets,
    catalog,
    crawlers,
    delivery_streams,
    jobs,
    orchestration,
    roles,
    rules,
    schedules,
    scripts,
    state_machines,
    streams,
)
from glue_local.promote.kinds.kind import Account, Failed, Found, Kind

KINDS: dict[str, Kind] = {
    "buckets": buckets.KIND,
    "bucket_notifications": buckets.NOTIFICATIONS,
    "scripts": scripts.KIND,
    "roles": roles.ROLES,
    "role_policies": roles.POLICIES,
    "streams": streams.KIND,
    "databases": catalog.DATABASES,
    "tables": catalog.TABLES,
    "delivery_streams": delivery_streams.KIND,
    "jobs": jobs.KIND,
    "crawlers": crawlers.KIND,
    "workflows": orchestration.WORKFLOWS,
    "triggers": orchestration.TRIGGERS,
    "state_machines": state_machines.KIND,
    "rules": rules.RULES,
    "rule_targets": rules.TARGETS,
    "schedule_groups": schedules.GROUPS,
    "schedules": schedules.SCHEDULES,
}

__all__ = ["KINDS", "Account", "Failed", "Found", "Kind"]
