"""Desired resources made real, one at a time and idempotently: created, updated, or unchanged."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.desired import KINDS, Resource

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
EMPTIED = "emptied"  # of partitions whose files are gone

_DELETED_AT_ONCE = 25  # BatchDeletePartition takes no more

Client = Any
Clients = Callable[[str], Client]


def provision(resources: Iterable[Resource], clients: Clients) -> Iterator[tuple[Resource, str]]:
    """Create or update each resource and yield it with what was done.

    ``clients`` returns the client of a service. Raises ClientError as AWS answers. A table whose bucket had to be
    created loses its partitions: the catalog survives a server, the files they point at do not.
    """
    new_buckets = set()
    for resource in resources:
        client = clients(KINDS[resource.kind].service)
        done = _MAKERS[resource.kind](client, resource.request)
        if resource.kind == "buckets" and done == CREATED:
            new_buckets.add(resource.request["Bucket"])
        if resource.kind == "tables" and done != CREATED and _bucket_of(resource.request) in new_buckets:
            done = EMPTIED if _drop_partitions(client, resource.request) else done
        yield resource, done


def _bucket(s3: Client, request: dict[str, Any]) -> str:
    if _found(lambda: s3.head_bucket(Bucket=request["Bucket"]), "404", "NoSuchBucket"):
        return UNCHANGED
    s3.create_bucket(**request)
    return CREATED


def _script(s3: Client, request: dict[str, Any]) -> str:
    where = {"Bucket": request["Bucket"], "Key": request["Key"]}
    there = _found(lambda: s3.get_object(**where)["Body"].read(), "NoSuchKey")
    if there == request["Body"]:
        return UNCHANGED
    s3.put_object(**where, Body=request["Body"])
    return CREATED if there is None else UPDATED


def _role(iam: Client, request: dict[str, Any]) -> str:
    there = _found(lambda: iam.get_role(RoleName=request["RoleName"])["Role"], "NoSuchEntity")
    if there is None:
        iam.create_role(**request)
        return CREATED
    if there["AssumeRolePolicyDocument"] == json.loads(request["AssumeRolePolicyDocument"]):
        return UNCHANGED
    iam.update_assume_role_policy(RoleName=request["RoleName"], PolicyDocument=request["AssumeRolePolicyDocument"])
    return UPDATED


def _stream(kinesis: Client, request: dict[str, Any]) -> str:
    name = {"StreamName": request["StreamName"]}
    there = _found(
        lambda: kinesis.describe_stream_summary(**name)["StreamDescriptionSummary"], "ResourceNotFoundException"
    )
    if there is None:
        kinesis.create_stream(**request)
        kinesis.get_waiter("stream_exists").wait(**name, WaiterConfig={"Delay": 1})
        return CREATED
    if there["OpenShardCount"] == request.get("ShardCount", there["OpenShardCount"]):
        return UNCHANGED
    kinesis.update_shard_count(**name, TargetShardCount=request["ShardCount"], ScalingType="UNIFORM_SCALING")
    return UPDATED


def _delivery_stream(firehose: Client, request: dict[str, Any]) -> str:
    name = {"DeliveryStreamName": request["DeliveryStreamName"]}

    def describe() -> Any:
        return firehose.describe_delivery_stream(**name)["DeliveryStreamDescription"]

    there = _found(describe, "ResourceNotFoundException")
    if there is None:
        firehose.create_delivery_stream(**request)
        _await(
            lambda: describe()["DeliveryStreamStatus"] == "ACTIVE", f"delivery stream {request['DeliveryStreamName']}"
        )
        return CREATED
    destination = there["Destinations"][0]
    wanted = request.get("ExtendedS3DestinationConfiguration", {})
    if contains(destination.get("ExtendedS3DestinationDescription", {}), wanted):
        return UNCHANGED
    firehose.update_destination(
        **name,
        CurrentDeliveryStreamVersionId=there["VersionId"],
        DestinationId=destination["DestinationId"],
        ExtendedS3DestinationUpdate=wanted,
    )
    return UPDATED


def _database(glue: Client, request: dict[str, Any]) -> str:
    name = request["DatabaseInput"]["Name"]
    there = _found(lambda: glue.get_database(Name=name)["Database"])
    if there is None:
        glue.create_database(**request)
        return CREATED
    if contains(there, request["DatabaseInput"]):
        return UNCHANGED
    glue.update_database(Name=name, **request)
    return UPDATED


def _table(glue: Client, request: dict[str, Any]) -> str:
    database, table = request["DatabaseName"], request["TableInput"]
    there = _found(lambda: glue.get_table(DatabaseName=database, Name=table["Name"])["Table"])
    if there is None:
        glue.create_table(**request)
        return CREATED
    if contains(there, table):
        return UNCHANGED
    glue.update_table(DatabaseName=database, TableInput=table)
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


def _job(glue: Client, request: dict[str, Any]) -> str:
    there = _found(lambda: glue.get_job(JobName=request["Name"])["Job"])
    if there is None:
        glue.create_job(**request)
        return CREATED
    # Tags are not part of a job's definition: AWS keeps and changes them apart.
    definition = {key: value for key, value in request.items() if key not in ("Name", "Tags")}
    if contains(there, definition):
        return UNCHANGED
    glue.update_job(JobName=request["Name"], JobUpdate=definition)
    return UPDATED


def _state_machine(stepfunctions: Client, request: dict[str, Any]) -> str:
    pages = stepfunctions.get_paginator("list_state_machines").paginate()
    arns = {each["name"]: each["stateMachineArn"] for page in pages for each in page["stateMachines"]}
    arn = arns.get(request["name"])
    if arn is None:
        stepfunctions.create_state_machine(**request)
        return CREATED
    there = stepfunctions.describe_state_machine(stateMachineArn=arn)
    if there["definition"] == request["definition"] and there["roleArn"] == request["roleArn"]:
        return UNCHANGED
    stepfunctions.update_state_machine(
        stateMachineArn=arn, definition=request["definition"], roleArn=request["roleArn"]
    )
    return UPDATED


_MAKERS: dict[str, Callable[[Client, dict[str, Any]], str]] = {
    "buckets": _bucket,
    "scripts": _script,
    "roles": _role,
    "streams": _stream,
    "databases": _database,
    "tables": _table,
    "delivery_streams": _delivery_stream,
    "jobs": _job,
    "state_machines": _state_machine,
}


def contains(there: Any, wanted: Any) -> bool:
    """Tell whether everything ``wanted`` is ``there``; AWS adds defaults and times to what it was given."""
    if isinstance(wanted, dict):
        return isinstance(there, dict) and all(contains(there.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(there, list) and len(there) == len(wanted) and all(map(contains, there, wanted))
    return bool(there == wanted)


def _found(read: Callable[[], Any], *absent: str) -> Any:
    """Return what ``read`` returns, None when AWS answers that it does not exist."""
    try:
        return read()
    except ClientError as error:
        if error.response["Error"]["Code"] in (absent or ("EntityNotFoundException",)):
            return None
        raise


def _await(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not become active within {seconds:.0f} s")
        time.sleep(0.1)
