"""Glue jobs."""

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.tags import tags_as_map

# Computed from worker type and number of workers.
_CAPACITY = ("MaxCapacity", "AllocatedCapacity")


def _read(account: Account, request: Request) -> Found | None:
    glue = account.clients("glue")
    there = found(lambda: glue.get_job(JobName=request["Name"])["Job"], "EntityNotFoundException")
    if there is None:
        return None
    computed = _CAPACITY if there.get("WorkerType") else _CAPACITY[1:]
    attributes = members(there, KIND.shape, "Name", "Tags", *computed)
    return Found({key: value for key, value in attributes.items() if value is not None})


def _tags(account: Account, request: Request) -> dict[str, str]:
    arn = account.arn("glue", f"job/{request['Name']}")
    return dict(account.clients("glue").get_tags(ResourceArn=arn)["Tags"])


def _create(account: Account, request: Request) -> None:
    account.clients("glue").create_job(**request)


def _update(account: Account, request: Request, there: Found) -> None:
    # Tags are not part of JobUpdate: they have their own operations.
    definition = {key: value for key, value in request.items() if key not in ("Name", "Tags")}
    account.clients("glue").update_job(JobName=request["Name"], JobUpdate=definition)


def _delete(account: Account, request: Request) -> None:
    account.clients("glue").delete_job(JobName=request["Name"])


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    arn = account.arn("glue", f"job/{request['Name']}")
    account.clients("glue").tag_resource(ResourceArn=arn, TagsToAdd=tags)


KIND = Kind(
    service="glue",
    operation="CreateJob",
    name=("Name",),
    read=_read,
    create=_create,
    update=_update,
    delete=_delete,
    tagging=Tagging(tags_as_map, _tags, _tag),
    # Without AllocatedCapacity, the old name of MaxCapacity, and SourceControlDetails, whose token GetJob does not return.
    promoted=(
        *("Name", "JobMode", "JobRunQueuingEnabled", "Description", "LogUri", "Role", "ExecutionProperty", "Command"),
        *("DefaultArguments", "NonOverridableArguments", "Connections", "MaxRetries", "Timeout", "MaxCapacity"),
        *("SecurityConfiguration", "Tags", "NotificationProperty", "GlueVersion", "NumberOfWorkers", "WorkerType"),
        *("CodeGenConfigurationNodes", "ExecutionClass", "MaintenanceWindow"),
    ),
    identity=("Name",),
)
