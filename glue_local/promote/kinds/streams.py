"""Kinesis streams: created, resharded and tagged, never deleted."""

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found
from glue_local.promote.kinds.tags import as_map, tags_as_map

_PROVISIONED = {"StreamMode": "PROVISIONED"}


def _read(account: Account, request: Request) -> Found | None:
    kinesis, name = account.clients("kinesis"), {"StreamName": request["StreamName"]}
    there = found(
        lambda: kinesis.describe_stream_summary(**name)["StreamDescriptionSummary"], "ResourceNotFoundException"
    )
    if there is None:
        return None
    mode = {"StreamModeDetails": there["StreamModeDetails"]} if "StreamModeDetails" in there else {}
    return Found({"ShardCount": there["OpenShardCount"], **mode})


def _without_scaled(request: Request) -> Request:
    """Remove ShardCount from a request for an on-demand stream, which AWS scales."""
    return {key: value for key, value in request.items() if key != "ShardCount" or not _is_on_demand(request)}


def _is_on_demand(request: Request) -> bool:
    return bool(request.get("StreamModeDetails", _PROVISIONED)["StreamMode"] == "ON_DEMAND")


def _tags(account: Account, request: Request) -> dict[str, str]:
    return as_map(account.clients("kinesis").list_tags_for_stream(StreamName=request["StreamName"])["Tags"])


def _create(account: Account, request: Request) -> None:
    account.clients("kinesis").create_stream(**request)
    _await(account, request)


def _update(account: Account, request: Request, there: Found) -> None:
    kinesis = account.clients("kinesis")
    # A stream that is still being created has no shards yet and cannot be updated.
    _await(account, request)
    there = _read(account, request) or there
    mode = request.get("StreamModeDetails", _PROVISIONED)
    if mode != there.attributes.get("StreamModeDetails", _PROVISIONED):
        arn = account.arn("kinesis", f"stream/{request['StreamName']}")
        kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails=mode)
        _await(account, request)
    resharded = "ShardCount" in request and request["ShardCount"] != there.attributes["ShardCount"]
    if resharded and not _is_on_demand(request):
        target = {"TargetShardCount": request["ShardCount"], "ScalingType": "UNIFORM_SCALING"}
        kinesis.update_shard_count(StreamName=request["StreamName"], **target)
        _await(account, request)


def _await(account: Account, request: Request) -> None:
    waiter = account.clients("kinesis").get_waiter("stream_exists")
    waiter.wait(StreamName=request["StreamName"], WaiterConfig={"Delay": 1, "MaxAttempts": 300})


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    account.clients("kinesis").add_tags_to_stream(StreamName=request["StreamName"], Tags=tags)


KIND = Kind(
    service="kinesis",
    operation="CreateStream",
    name=("StreamName",),
    read=_read,
    create=_create,
    update=_update,
    tagging=Tagging(tags_as_map, _tags, _tag),
    promoted=("StreamName", "ShardCount", "StreamModeDetails", "Tags"),
    identity=("StreamName",),
    canonical=_without_scaled,
)
