"""The kinds of resource that ``glue-local.yaml`` lists, in the order in which they can be made."""

from glue_local.promote.kinds import (
    buckets,
    catalog,
    delivery_streams,
    jobs,
    roles,
    schedules,
    scripts,
    state_machines,
    streams,
)
from glue_local.promote.kinds.kind import Account, Failed, Found, Kind

KINDS: dict[str, Kind] = {
    "buckets": buckets.KIND,
    "scripts": scripts.KIND,
    "roles": roles.ROLES,
    "role_policies": roles.POLICIES,
    "streams": streams.KIND,
    "databases": catalog.DATABASES,
    "tables": catalog.TABLES,
    "delivery_streams": delivery_streams.KIND,
    "jobs": jobs.KIND,
    "state_machines": state_machines.KIND,
    "schedule_groups": schedules.GROUPS,
    "schedules": schedules.SCHEDULES,
}

__all__ = ["KINDS", "Account", "Failed", "Found", "Kind"]
