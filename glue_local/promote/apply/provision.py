"""Create or update resources on the local server, one at a time and idempotently."""

from collections.abc import Iterable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.definition.desired import Resource
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.plan.differences import differences

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
UNSUPPORTED = "unsupported"  # by this endpoint: LocalStack does not deliver events to every target
EMPTIED = "emptied"  # its partitions were dropped because their files are gone

_LOCAL_GROUP = "default"
"""The group of local schedules. A stage has one of its own, so definitions name none."""

# LocalStack's message for a target, such as a Glue workflow, that its EventBridge does not deliver to.
_NO_TARGET = "Unsupported target for Service"

_DELETED_AT_ONCE = 25  # the limit of BatchDeletePartition

Client = Any


def provision(resources: Iterable[Resource], account: Account) -> Iterator[tuple[Resource, str]]:
    """Create or update each resource and yield it with the outcome.

    Raises ClientError. Targets of a rule that LocalStack does not deliver to are not created. A table whose bucket had to be created loses its partitions: the catalog survives a restart of
    the server, the files do not.
    """
    new_buckets = set()
    for resource in resources:
        done = _made_if_supported(resource, account)
        if resource.kind == "buckets" and done == CREATED:
            new_buckets.add(resource.request["Bucket"])
        if resource.kind == "tables" and done != CREATED and _bucket_of(resource.request) in new_buckets:
            done = EMPTIED if _drop_partitions(account.clients("glue"), resource.request) else done
        yield resource, done


def _made_if_supported(resource: Resource, account: Account) -> str:
    try:
        return _made(resource, account)
    except ClientError as error:
        if resource.kind == "rule_targets" and _NO_TARGET in error.response["Error"].get("Message", ""):
            return UNSUPPORTED
        raise


def _made(resource: Resource, account: Account) -> str:
    kind, request = KINDS[resource.kind], resource.request
    if resource.kind == "schedules":
        request = {"GroupName": _LOCAL_GROUP, **request}
    there = kind.read(account, request)
    if there is None:
        kind.create(account, request)
        return CREATED
    if not differences(kind, request, there):
        return UNCHANGED
    kind.update(account, request, there)
    return UPDATED


def _bucket_of(request: dict[str, Any]) -> str:
    location = str(request["TableInput"].get("StorageDescriptor", {}).get("Location", ""))
    return location.partition("://")[2].partition("/")[0]


def _drop_partitions(glue: Client, request: dict[str, Any]) -> int:
    table = {"DatabaseName": request["DatabaseName"], "TableName": request["TableInput"]["Name"]}
    pages = glue.get_paginator("get_partitions").paginate(**table, ExcludeColumnSchema=True)
    values = [{"Values": partition["Values"]} for page in pages for partition in page["Partitions"]]
    for start in range(0, len(values), _DELETED_AT_ONCE):
        glue.batch_delete_partition(**table, PartitionsToDelete=values[start : start + _DELETED_AT_ONCE])
    return len(values)
